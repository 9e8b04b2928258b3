/** Agents as CSV, with the columns that the import takes; read a page at a time while it is sent. */
import type { Handler, ServiceContext } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import type { Agent } from '../schema.ts';
import { cellOf, exportColumns, writeAuthorisations } from './agent-csv.ts';
import { todayOf } from './business-day.ts';
import { type AgentFilter, findAgents } from './list-agents.ts';

const AT_ONCE = 500;

/** The lines, each with its end. Erased agents have nothing left to export. */
export async function* csvOf(context: ServiceContext, filter: AgentFilter): AsyncGenerator<string> {
  const { db } = context;
  const today = await todayOf(context);
  const names = async (table: 'branches' | 'products' | 'teams', column: 'code' | 'name') => {
    const answer = await db.query<{ id: string; label: string }>(
      `SELECT id, ${column} AS label FROM agents.${table}`,
    );
    return new Map(answer.rows.map((row) => [row.id, row.label]));
  };
  const [branches, teams, products] = await Promise.all([
    names('branches', 'code'),
    names('teams', 'name'),
    names('products', 'code'),
  ]);
  const lineOf = (agent: Agent) =>
    [
      agent.code,
      agent.firstName,
      agent.lastName,
      branches.get(agent.branchId)!,
      agent.teamId && teams.get(agent.teamId)!,
      agent.email,
      agent.contact,
      agent.hireDate,
      agent.status,
      writeAuthorisations(
        agent.authorisations.map((each) => ({ ...each, product: products.get(each.productId)! })),
      ),
    ]
      .map(cellOf)
      .join(',');
  yield `${exportColumns.join(',')}\r\n`;
  let after: string | null = null;
  for (;;) {
    const agents: Agent[] = await findAgents(db, filter, today, AT_ONCE, after);
    const lines = agents.filter((agent) => !agent.erased).map((agent) => `${lineOf(agent)}\r\n`);
    if (lines.length > 0) yield lines.join('');
    if (agents.length < AT_ONCE) return;
    after = agents.at(-1)!.code;
  }
}

export const exportAgents: Handler<typeof agentsApi.exportAgents> = async ({ query }, context) => ({
  status: 200,
  body: csvOf(context, query),
  headers: { 'content-disposition': 'attachment; filename="agents.csv"' },
});
