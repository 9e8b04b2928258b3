/**
 * The database as one request may see it: every statement acts as the role `moonbase_request` with the
 * caller's reach set for its transaction, and the row policies of the tables (see row-policies.sql) hide all
 * else. A filter that was forgotten leaks nothing; a row that is written beyond the reach is refused.
 *
 * The settings travel with the first statement, so they cost no round trip.
 */
import type pg from 'pg';
import { Database, type NamedStatement, REQUEST_ROLE, type Transaction } from './database.ts';

/** What somebody may see: everything, or the rows of these. */
export interface Reach {
  readonly all: boolean;
  /** The person who asks. */
  readonly person: string | null;
  /** The agent that the person is. */
  readonly agent: string | null;
  readonly teams: readonly string[];
  readonly branches: readonly string[];
}

/** Sees and writes every row. */
export const EVERYTHING: Reach = Object.freeze({
  ...{ all: true, person: null, agent: null, teams: Object.freeze([]), branches: Object.freeze([]) },
});

const LIMIT = {
  name: 'data.limit',
  text: `SELECT set_config('role', '${REQUEST_ROLE}', true), set_config('moonbase.all', $1, true),
                set_config('moonbase.person', $2, true), set_config('moonbase.agent', $3, true),
                set_config('moonbase.teams', $4, true), set_config('moonbase.branches', $5, true)`,
};

class LimitedDatabase extends Database {
  readonly #system: Database;
  readonly #values: readonly string[];

  constructor(system: Database, reach: Reach) {
    super({ url: system.url, pool: system.pool });
    this.#system = system;
    this.#values = [
      reach.all ? 'on' : 'off',
      reach.person ?? '',
      reach.agent ?? '',
      `{${reach.teams.join(',')}}`,
      `{${reach.branches.join(',')}}`,
    ];
  }

  override async query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    // Not awaited inside, so that BEGIN, settings, statement and COMMIT go out in one piece.
    let answer: Promise<pg.QueryResult<Row>> | undefined;
    try {
      await this.transaction(async (tx) => {
        answer = tx.query<Row>(text, values);
        answer.catch(() => {});
      });
    } catch (error) {
      // What the statement failed with says more than that its transaction was rolled back.
      await answer;
      throw error;
    }
    return answer!;
  }

  override transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#system.transaction((tx) => {
      tx.send(LIMIT, this.#values);
      return work(tx);
    });
  }
}

/**
 * The same database, limited to a reach.
 *
 * @example
 *   const mine = limited(db, { all: false, person, agent, teams: [], branches: [] });
 *   await mine.query('SELECT * FROM sales.sales'); // the agent's own
 */
export function limited(db: Database, reach: Reach): Database {
  return new LimitedDatabase(db, reach);
}
