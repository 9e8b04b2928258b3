/** Teams: formed, renamed, dissolved and formed again; never deleted, since sales name them. */
import { newId, type Queryable, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { teamsChanged } from '../events.ts';
import type { Team } from '../schema.ts';
import { isTaken } from './unique-violation.ts';

async function select(db: Queryable, rest: string, values: unknown[] = []): Promise<Team[]> {
  const answer = await db.query<Team>(`SELECT id, name, active, version FROM agents.teams ${rest}`, values);
  return answer.rows;
}

/** Writes the row of a new or locked team, and tells of it. */
async function save(tx: Transaction, before: Team | null, wanted: Omit<Team, 'version'>): Promise<Team> {
  const { id, name, active } = wanted;
  if (before && before.name === name && before.active === active) return before;
  const version = (before?.version ?? 0) + 1;
  await tx.query(
    `INSERT INTO agents.teams (id, name, active, version) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET name = $2, active = $3, version = $4`,
    [id, name, active, version],
  );
  await publish(tx, teamsChanged, { key: id, payload: { teamId: id, name, active } });
  return { id, name, active, version };
}

function taken(error: unknown): never {
  if (!isTaken(error)) throw error;
  throw agentsError('name_taken', { faults: [{ at: '/name', message: 'Is in use already.' }] });
}

export const listTeams: Handler<typeof agentsApi.listTeams> = async (_request, { db }) => ({
  status: 200,
  body: { items: await select(db, 'ORDER BY name') },
});

export const createTeam: Handler<typeof agentsApi.createTeam> = async ({ body }, { db }) => {
  const team = { id: newId(), name: body.name, active: true };
  return { status: 201, body: await db.transaction((tx) => save(tx, null, team)).catch(taken) };
};

/** The team of the name, added or brought up to date. */
export const putTeam: Handler<typeof agentsApi.putTeam> = async ({ params, body }, { db }) =>
  db.transaction(async (tx) => {
    // Two at once for a new name: the second waits here and then finds the first one's row.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('agents.teams'))`);
    const [before = null] = await select(tx, 'WHERE name = $1 FOR UPDATE', [params.name]);
    const active = body.active ?? before?.active ?? true;
    const team = await save(tx, before, { id: before?.id ?? newId(), name: params.name, active });
    return { status: before ? 200 : 201, body: team };
  });

export const changeTeam: Handler<typeof agentsApi.changeTeam> = async ({ params, body }, { db }) => {
  const team = await db
    .transaction(async (tx) => {
      const [before] = await select(tx, 'WHERE id = $1 FOR UPDATE', [params.id]);
      if (!before) throw agentsError('team_unknown');
      if (before.version !== body.version) throw agentsError('version_conflict');
      const { name = before.name, active = before.active } = body;
      return save(tx, before, { id: before.id, name, active });
    })
    .catch(taken);
  return { status: 200, body: team };
};
