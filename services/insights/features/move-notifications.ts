/**
 * Notifications as they stand, how many of each status there are per business day that they were made on,
 * and how many were made for each agent in a month. A change moves one from its status to the next; which it had is known from its row here, so
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
  key: readonly [string, string];
  count: number;
}

/** Counts by two keys. */
class Moves {
  readonly #moves = new Map<string, Move>();

  add(first: string, second: string, count: number): void {
    const name = `${first} ${second}`;
    const move = this.#moves.get(name) ?? { key: [first, second], count: 0 };
    move.count += count;
    this.#moves.set(name, move);
  }

  /** As two columns of keys and one of counts; what came to nothing is left out. */
  columns(): [string[], string[], number[]] {
    const moved = [...this.#moves.values()].filter((move) => move.count !== 0);
    return [
      moved.map((move) => move.key[0]),
      moved.map((move) => move.key[1]),
      moved.map((move) => move.count),
    ];
  }
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
  const days = new Moves();
  const months = new Moves();
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
    if (before.status !== null) days.add(before.day, before.status, -1);
    else if (before.agent_id) months.add(`${before.day.slice(0, 7)}-01`, before.agent_id, 1);
    days.add(before.day, after, 1);
    known.set(notificationId, { ...before, status: after });
    latest.set(notificationId, event);
  }
  await keepNotifications(tx, [...latest.values()], known);
  // In one order everywhere: lanes that come to the same cells wait for each other, but never in a circle.
  await tx.query(
    `INSERT INTO insights.notification_days AS c (day, status, notifications)
     SELECT * FROM unnest($1::date[], $2::text[], $3::bigint[]) AS m(day, status, count) ORDER BY day, status
     ON CONFLICT (day, status) DO UPDATE SET notifications = c.notifications + excluded.notifications`,
    days.columns(),
  );
  await tx.query(
    `INSERT INTO insights.notification_months AS c (month, agent_id, notifications)
     SELECT * FROM unnest($1::date[], $2::uuid[], $3::bigint[]) AS m(month, agent, count) ORDER BY month, agent
     ON CONFLICT (month, agent_id) DO UPDATE SET notifications = c.notifications + excluded.notifications`,
    months.columns(),
  );
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
