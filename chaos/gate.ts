/**
 * A gate before one step: nobody can write to a table until it is opened, while everybody can read it. Whoever
 * comes to that step stands still in the middle of a transaction, and can be killed there.
 *
 * So hosts are stopped between any two steps from outside, without a word about it in their code.
 */

import { Database } from '@moonbase/data';
import type { Client } from 'pg';
import { until } from './wait.ts';

export class Gate {
  readonly #database: Database;
  readonly #client: Client;
  readonly #table: string;
  #isOpen = false;

  private constructor(database: Database, client: Client, table: string) {
    this.#database = database;
    this.#client = client;
    this.#table = table;
  }

  /** @param databaseUrl as the owner of the tables */
  static async shut(databaseUrl: string, table: string): Promise<Gate> {
    const database = new Database({ url: databaseUrl, role: 'owner', connections: 1, name: 'chaos gate' });
    const client = await database.connect();
    await client.query('BEGIN');
    // Against writing, not against reading or locking rows.
    await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
    return new Gate(database, client, table);
  }

  /** Resolves when somebody stands before it. */
  async reached(): Promise<void> {
    await until(`somebody is about to write ${this.#table}`, async () => {
      const waiting = await this.#client.query(
        'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)) LIMIT 1',
      );
      return waiting.rowCount! > 0;
    });
  }

  /** Opening it again does nothing. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    await this.#client.query('COMMIT').catch(() => {});
    await this.#client.end();
    await this.#database.close();
  }
}
