/**
 * Notifications as they stand, and how many of each status there are per agent and the business day they
 * were made on. A change moves one from its status to the next; which it had is known from its row here, so
 * a status is never taken away twice.
 */
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { notificationsChanged } from '@moonbase/notifications/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { dayIn } from './days.ts';

interface Known {
  id: string;
  agent_id: string | null;
  status: string | null;
  day: string;
  made_at: Date;
}

interface Move {
  day: string;
  agent: string | null;
  status: string;
  count: number;
}

export async function moveNotifications(
  events: readonly Event<typeof notificationsChanged>[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const { zone } = await context.organisation();
  const ids = [...new Set(events.map((event) => event.payload.notificationId))];
  const stored = await tx.query<Known>(
    'SELECT id, agent_id, status, day, made_at FROM insights.notifications WHERE id = ANY($1)',
    [ids],
  );
  const known = new Map(stored.rows.map((row) => [row.id, row]));
  const moves = new Map<string, Move>();
  const latest = new Map<string, Event<typeof notificationsChanged>>();
  for (const event of events) {
    const { after, agentId, notificationId } = event.payload;
    const before = known.get(notificationId) ?? {
      id: notificationId,
      agent_id: agentId,
      status: null,
      day: dayIn(zone, event.occurredAt),
      made_at: event.occurredAt,
    };
    if (before.status !== null) add(moves, before, before.status, -1);
    add(moves, before, after, 1);
    known.set(notificationId, { ...before, status: after });
    latest.set(notificationId, event);
  }
  await keepNotifications(tx, [...latest.values()], known);
  await keepCounts(tx, [...moves.values()]);
}

function add(moves: Map<string, Move>, { day, agent_id }: Known, status: string, count: number): void {
  const key = `${day} ${agent_id} ${status}`;
  const move = moves.get(key) ?? { day, agent: agent_id, status, count: 0 };
  move.count += count;
  moves.set(key, move);
}

async function keepNotifications(
  tx: Transaction,
  events: readonly Event<typeof notificationsChanged>[],
  known: ReadonlyMap<string, Known>,
): Promise<void> {
  const rows = events.map((event) => ({ event, row: known.get(event.payload.notificationId)! }));
  await tx.query(
    `INSERT INTO insights.notifications AS n (id, agent_id, channel, kind, status, made_at, day, position)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::date[],
                          $8::bigint[])
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, position = excluded.position`,
    [
      rows.map(({ row }) => row.id),
      rows.map(({ row }) => row.agent_id),
      rows.map(({ event }) => event.payload.channel),
      rows.map(({ event }) => event.payload.kind),
      rows.map(({ row }) => row.status),
      rows.map(({ row }) => row.made_at),
      rows.map(({ row }) => row.day),
      rows.map(({ event }) => event.position),
    ],
  );
}

async function keepCounts(tx: Transaction, moves: readonly Move[]): Promise<void> {
  const moved = moves.filter((move) => move.count !== 0);
  if (moved.length === 0) return;
  // In one order everywhere: lanes that come to the same cells wait for each other, but never in a circle.
  await tx.query(
    `INSERT INTO insights.notification_days AS c (day, agent_id, status, notifications)
     SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::bigint[]) AS m(day, agent_id, status, count)
      ORDER BY day, agent_id, status
     ON CONFLICT ON CONSTRAINT notification_days_cell
     DO UPDATE SET notifications = c.notifications + excluded.notifications`,
    [
      moved.map((move) => move.day),
      moved.map((move) => move.agent),
      moved.map((move) => move.status),
      moved.map((move) => move.count),
    ],
  );
}
