/**
 * Schedules. A tick is a moment that the cron names in its zone; whichever host comes to it first moves
 * the schedule's row past it and enqueues the job, in one transaction, so a tick is run once whatever the
 * number of hosts. Ticks that passed while no host ran count as one, the latest. A changed cron or zone
 * holds from the moment of the change.
 *
 * A job that is still waiting or running when its schedule's next tick comes is not started beside itself:
 * that tick is skipped.
 */
import type { Clock, Database, Transaction } from '@moonbase/data';
import type { Logger } from '@moonbase/telemetry';
import { CronExpressionParser } from 'cron-parser';
import type { ScheduleSpec, Timing } from './declarations.ts';
import { JobsError } from './errors.ts';

interface Entry {
  service: string;
  name: string;
  spec: ScheduleSpec;
  /** What the row was last brought in line with. */
  timing?: Timing;
  next?: Date;
}

export interface ScheduleStatus {
  service: string;
  name: string;
  job: string;
  cron: string;
  zone: string;
  next: Date | null;
  lastTick: Date | null;
  /** Id of the job that the last tick started. */
  lastId: string | null;
}

export type EnqueueTick = (
  tx: Transaction,
  service: string,
  spec: ScheduleSpec,
  tick: Date,
) => Promise<string>;

/** @throws JobsError `schedule_invalid` */
export function checkTiming({ cron, zone }: Timing): void {
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new JobsError('schedule_invalid', { detail: `"${cron}" has not five fields.` });
  }
  try {
    nextTick({ cron, zone }, new Date(0));
  } catch (cause) {
    throw new JobsError('schedule_invalid', {
      detail: `"${cron}" in "${zone}": ${(cause as Error).message}.`,
      cause,
    });
  }
}

/** The first tick after a moment. */
export function nextTick({ cron, zone }: Timing, after: Date): Date {
  return CronExpressionParser.parse(cron, { tz: zone, currentDate: after }).next().toDate();
}

/** The last tick at or before a moment. */
export function latestTick({ cron, zone }: Timing, moment: Date): Date {
  const justAfter = new Date(moment.getTime() + 1);
  return CronExpressionParser.parse(cron, { tz: zone, currentDate: justAfter }).prev().toDate();
}

export class Schedules {
  readonly #entries: Entry[] = [];
  readonly #options: {
    db: Database;
    clock: Clock;
    log: Logger | undefined;
    zone: () => Promise<string>;
    enqueue: EnqueueTick;
  };

  constructor(options: {
    db: Database;
    clock: Clock;
    log: Logger | undefined;
    zone: () => Promise<string>;
    enqueue: EnqueueTick;
  }) {
    this.#options = options;
  }

  add(service: string, name: string, spec: ScheduleSpec): void {
    checkTiming({ cron: spec.cron, zone: spec.zone ?? 'UTC' });
    this.#entries.push({ service, name, spec });
  }

  /** Starts what has become due. One schedule's trouble doesn't keep the others waiting. */
  async tick(): Promise<void> {
    for (const entry of this.#entries) {
      try {
        await this.#tick(entry);
      } catch (error) {
        this.#options.log?.error(
          { err: error, schedule: `${entry.service}.${entry.name}` },
          'schedule failed',
        );
      }
    }
  }

  async list(): Promise<ScheduleStatus[]> {
    const { db, clock } = this.#options;
    const rows = await db.query<{
      service: string;
      name: string;
      since: Date;
      last_tick: Date | null;
      last_id: string | null;
    }>('SELECT service, name, since, last_tick, last_id FROM jobs.schedules');
    return Promise.all(
      this.#entries.map(async ({ service, name, spec }) => {
        const row = rows.rows.find((each) => each.service === service && each.name === name);
        const timing = await this.#timing(spec);
        return {
          service,
          name,
          job: spec.job,
          ...timing,
          next: nextTick(timing, row?.since ?? clock.now()),
          lastTick: row?.last_tick ?? null,
          lastId: row?.last_id ?? null,
        };
      }),
    );
  }

  async #tick(entry: Entry): Promise<void> {
    const now = this.#options.clock.now();
    const timing = await this.#timing(entry.spec);
    if (!entry.next || timing.cron !== entry.timing?.cron || timing.zone !== entry.timing.zone) {
      entry.next = nextTick(timing, await this.#adopt(entry, timing, now));
      entry.timing = timing;
    }
    if (now < entry.next) return;
    const tick = latestTick(timing, now);
    const since = await this.#run(entry, timing, tick);
    entry.next = since ? nextTick(timing, since) : undefined;
  }

  /** Brings the row in line with cron and zone. @returns up to when ticks are dealt with */
  async #adopt({ service, name }: Entry, { cron, zone }: Timing, now: Date): Promise<Date> {
    const answer = await this.#options.db.query<{ since: Date }>(
      `INSERT INTO jobs.schedules AS s (service, name, cron, zone, since) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (service, name) DO UPDATE SET cron = excluded.cron, zone = excluded.zone,
         since = CASE WHEN s.cron = excluded.cron AND s.zone = excluded.zone THEN s.since ELSE excluded.since END
       RETURNING since`,
      [service, name, cron, zone, now],
    );
    return answer.rows[0]!.since;
  }

  /** @returns up to when ticks are dealt with; undefined when another host knows another cron or zone */
  #run(entry: Entry, timing: Timing, tick: Date): Promise<Date | undefined> {
    const { service, name, spec } = entry;
    return this.#options.db.transaction(async (tx) => {
      const answer = await tx.query<{ cron: string; zone: string; since: Date }>(
        'SELECT cron, zone, since FROM jobs.schedules WHERE service = $1 AND name = $2 FOR UPDATE',
        [service, name],
      );
      const row = answer.rows[0];
      if (row?.cron !== timing.cron || row.zone !== timing.zone) return undefined;
      if (row.since >= tick) return row.since;
      const id = await this.#options.enqueue(tx, service, spec, tick);
      await tx.query(
        'UPDATE jobs.schedules SET since = $3, last_tick = $3, last_id = $4 WHERE service = $1 AND name = $2',
        [service, name, tick, id],
      );
      return tick;
    });
  }

  async #timing(spec: ScheduleSpec): Promise<Timing> {
    const declared = { cron: spec.cron, zone: spec.zone ?? (await this.#options.zone()) };
    const override = await spec.override?.();
    if (!override) return declared;
    const timing = { cron: override.cron ?? declared.cron, zone: override.zone ?? declared.zone };
    try {
      checkTiming(timing);
      return timing;
    } catch (error) {
      this.#options.log?.warn({ err: error }, 'setting of a schedule ignored');
      return declared;
    }
  }
}
