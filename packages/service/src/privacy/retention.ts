/** Retention: what is past its period is deleted or emptied every night, in small transactions. */
import type { Database } from '@moonbase/data';
import type { EventLog } from '@moonbase/events';
import type { PersonalData, Retention } from '../personal.ts';

/** Days that the event log is kept, where every reader has passed; whole partitions go. */
const KEEP_EVENTS = 90;
const SLICE = 5_000;

interface Rule extends Retention {
  /** `<schema>.<rule>`. */
  name: string;
  table: string;
  /** In force. */
  inForce: number;
}

export interface RetentionState {
  name: string;
  title: string;
  days: number;
  declared: number;
  wouldGo: number | null;
  empties: boolean;
}

const EVENTS = 'events.log';

/** Files that `moon backup keys` made; it removes older ones of its folder itself. */
export const KEY_BACKUPS = 'backups.keys';
export const KEEP_KEY_BACKUPS = 30;

/** Rules that are no statement about a table. */
const special = [
  { name: EVENTS, title: 'Event log, by whole partitions', declared: KEEP_EVENTS },
  { name: KEY_BACKUPS, title: 'Backups of keys, by moon backup keys', declared: KEEP_KEY_BACKUPS },
];

export class RetentionRules {
  readonly #db: Database;
  readonly #events: Pick<EventLog, 'retire'>;
  readonly #marks: ReadonlyMap<string, PersonalData>;

  constructor(db: Database, events: Pick<EventLog, 'retire'>, marks: ReadonlyMap<string, PersonalData>) {
    this.#db = db;
    this.#events = events;
    this.#marks = marks;
  }

  /** Every rule, with what a run at `now` would remove. */
  async preview(now: Date): Promise<RetentionState[]> {
    const states: RetentionState[] = [];
    for (const rule of await this.#rules()) {
      const counted = await this.#db.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${rule.table} WHERE ${rule.past}`,
        [before(now, rule.inForce)],
      );
      states.push({ ...stateOf(rule), wouldGo: counted.rows[0]!.count });
    }
    const periods = await this.#periods();
    for (const { name, title, declared } of special)
      states.push({
        name,
        title,
        days: periods.get(name) ?? declared,
        declared,
        wouldGo: null,
        empties: false,
      });
    return states;
  }

  /** @returns what was removed, by rule; rules that removed nothing are left out */
  async run(
    now: Date,
    progress?: (done: number, total: number) => Promise<void>,
  ): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    const rules = await this.#rules();
    for (const [index, rule] of rules.entries()) {
      const gone = await this.#remove(rule, before(now, rule.inForce));
      if (gone > 0) counts[rule.name] = gone;
      await progress?.(index + 1, rules.length + 1);
    }
    const partitions = await this.#events.retire((await this.#periods()).get(EVENTS) ?? KEEP_EVENTS);
    if (partitions > 0) counts[EVENTS] = partitions;
    return counts;
  }

  /** @param days null: as declared. @returns false where there is no such rule */
  async set(name: string, days: number | null, actor: string, now: Date): Promise<boolean> {
    const known = [...special, ...(await this.#rules())].some((rule) => rule.name === name);
    if (!known) return false;
    if (days === null) await this.#db.query('DELETE FROM privacy.periods WHERE rule = $1', [name]);
    else
      await this.#db.query(
        `INSERT INTO privacy.periods (rule, days, changed_by, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (rule) DO UPDATE SET days = excluded.days, changed_by = excluded.changed_by,
           changed_at = excluded.changed_at`,
        [name, days, actor, now],
      );
    return true;
  }

  /** A slice at a time, so that no lock is held for long and a run that is cut off has not been in vain. */
  async #remove({ table, past, empty }: Rule, moment: Date): Promise<number> {
    let gone = 0;
    for (;;) {
      const slice = `ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${past} LIMIT ${SLICE})) AND ${past}`;
      const done = await this.#db.query(
        empty ? `UPDATE ${table} SET ${empty} WHERE ${slice}` : `DELETE FROM ${table} WHERE ${slice}`,
        [moment],
      );
      gone += done.rowCount ?? 0;
      if ((done.rowCount ?? 0) < SLICE) return gone;
    }
  }

  async #rules(): Promise<Rule[]> {
    const periods = await this.#periods();
    return [...this.#marks].flatMap(([schema, { tables }]) =>
      Object.entries(tables).flatMap(([table, { retention = {} }]) =>
        Object.entries(retention).map(([rule, declared]) => {
          const name = `${schema}.${rule}`;
          return {
            ...declared,
            name,
            table: `${schema}.${table}`,
            inForce: periods.get(name) ?? declared.days,
          };
        }),
      ),
    );
  }

  async #periods(): Promise<Map<string, number>> {
    const set = await this.#db.query<{ rule: string; days: number }>(
      'SELECT rule, days FROM privacy.periods',
    );
    return new Map(set.rows.map(({ rule, days }) => [rule, days]));
  }
}

function stateOf({ name, title, days, inForce, empty }: Rule) {
  return { name, title, days: inForce, declared: days, empties: empty !== undefined };
}

function before(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
