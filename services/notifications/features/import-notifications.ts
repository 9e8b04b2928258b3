/**
 * Notifications that another system sent in the past are taken in as they were: SENT at their time, not
 * delivered again. A reference that is there already changes nothing.
 */
import { newId, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { Fault } from '@moonbase/http/errors';
import type { Handler } from '@moonbase/service';
import type { z } from 'zod';
import { type notificationsApi, pastNotification } from '../api.ts';
import { notificationsChanged } from '../events.ts';
import { changeOf } from './notify.ts';
import { oneLine } from './render-template.ts';

type Past = z.output<typeof pastNotification>;

export interface ImportResult {
  created: number;
  unchanged: number;
  rejected: { row: number; reference: string | null; faults: Fault[]; remedy: string }[];
}

/** Takes the rows in that are right; the others are listed. */
export async function takeIn(tx: Transaction, rows: readonly unknown[]): Promise<ImportResult> {
  const result: ImportResult = { created: 0, unchanged: 0, rejected: [] };
  const reject = (row: number, reference: string | null, faults: Fault[]) =>
    result.rejected.push({
      row,
      reference,
      faults,
      remedy: 'Correct what faults names and send this row again.',
    });
  const shaped = rows.flatMap((value, row) => {
    const parsed = pastNotification.safeParse(value);
    if (parsed.success) return [{ row, past: parsed.data }];
    const { reference } = (value ?? {}) as { reference?: unknown };
    reject(
      row,
      typeof reference === 'string' ? reference.slice(0, 128) : null,
      parsed.error.issues.map(({ path, message }) => ({ at: `/${path.map(String).join('/')}`, message })),
    );
    return [];
  });
  const agents = await readAgents(
    tx,
    shaped.map(({ past }) => past),
  );
  const drafts = shaped.flatMap(({ row, past }) => {
    const agentId = past.agentId ?? (past.agent == null ? null : agents.get(past.agent));
    if (agentId !== undefined) return [{ row, past, draft: draftOf(past, agentId) }];
    reject(row, past.reference, [
      { at: '/agent', message: `There is no agent with the code "${past.agent}".` },
    ]);
    return [];
  });
  const landed = await insert(
    tx,
    drafts.map(({ draft }) => draft),
  );
  const known = await readKnown(
    tx,
    drafts.map(({ past }) => past),
  );
  for (const { row, past, draft } of drafts) {
    const old = known.get(`${past.source}\n${past.reference}`)!;
    if (landed.has(draft.id)) result.created += 1;
    else if (isSame(old, draft)) result.unchanged += 1;
    else reject(row, past.reference, [{ at: '/reference', message: 'Was used for another notification.' }]);
  }
  result.rejected.sort((a, b) => a.row - b.row);
  await publish(
    tx,
    notificationsChanged,
    drafts
      .filter(({ draft }) => landed.has(draft.id))
      .map(({ draft }) =>
        changeOf({ ...draft, personId: null, channel: 'in-app' }, null, 'SENT', new Date(draft.at)),
      ),
  );
  return result;
}

interface Draft {
  id: string;
  cause: string;
  agentId: string | null;
  kind: string;
  subject: string;
  body: string;
  at: string;
  source: string;
  reference: string;
}

function draftOf(past: Past, agentId: string | null): Draft {
  const { source, reference, title, message } = past;
  return {
    id: newId(),
    cause: `import:${source}:${reference}`,
    kind: 'message',
    subject: oneLine(title),
    body: message,
    at: new Date(past.sentAt).toISOString(),
    ...{ agentId, source, reference },
  };
}

/** What was erased meanwhile is the same: its text is gone. */
function isSame(old: Pick<Draft, 'agentId' | 'body'> & { at: Date }, draft: Draft): boolean {
  return (
    old.agentId === draft.agentId &&
    (old.body === draft.body || old.body === '') &&
    old.at.toISOString() === draft.at
  );
}

async function insert(tx: Transaction, drafts: Draft[]): Promise<Set<string>> {
  const answer = await tx.query<{ id: string }>(
    `INSERT INTO notifications.notifications (id, cause, recipient, channel, kind, status, agent_id, subject, body,
       created_at, sent_at, read_at, source, reference)
     SELECT id, cause, COALESCE('agent:' || "agentId", 'nobody'), 'in-app', kind, 'SENT', "agentId", subject, body,
       at, at, at, source, reference
     FROM jsonb_to_recordset($1) AS n (id uuid, cause text, "agentId" uuid, kind text, subject text, body text,
       at timestamptz, source text, reference text)
     ORDER BY source, reference
     ON CONFLICT (source, reference) WHERE source IS NOT NULL DO NOTHING RETURNING id`,
    [JSON.stringify(drafts)],
  );
  return new Set(answer.rows.map((row) => row.id));
}

async function readAgents(tx: Transaction, pasts: readonly Past[]): Promise<Map<string, string>> {
  const codes = pasts.flatMap((past) => past.agent ?? []);
  const answer = await tx.query<{ code: string; id: string }>(
    'SELECT code, id FROM notifications.agents WHERE code = ANY($1)',
    [codes],
  );
  return new Map(answer.rows.map((row) => [row.code, row.id]));
}

async function readKnown(tx: Transaction, pasts: readonly Past[]) {
  const answer = await tx.query<{
    source: string;
    reference: string;
    agentId: string | null;
    body: string;
    at: Date;
  }>(
    `SELECT n.source, n.reference, n.agent_id AS "agentId", n.body, n.created_at AS at
     FROM notifications.notifications n
     JOIN jsonb_to_recordset($1) AS p (source text, reference text)
       ON n.source = p.source AND n.reference = p.reference`,
    [JSON.stringify(pasts.map(({ source, reference }) => ({ source, reference })))],
  );
  return new Map(answer.rows.map((row) => [`${row.source}\n${row.reference}`, row]));
}

export const importNotifications: Handler<typeof notificationsApi.importNotifications> = async (
  { body },
  { db },
) => ({ status: 200, body: await db.transaction((tx) => takeIn(tx, body.notifications)) });
