/** A transaction on its connection, from the first statement to the last. */
import type { Socket } from 'node:net';
import type pg from 'pg';
import { BeginningQuery } from './beginning-query.ts';
import type { NamedStatement, Transaction } from './database.ts';

export class OpenTransaction implements Transaction {
  readonly #client: pg.PoolClient;
  readonly #socket: Socket;
  readonly #after: (() => void)[] = [];
  /** Statements that nobody waits for. */
  readonly #sent: Promise<unknown>[] = [];
  #started = false;
  #begun = false;
  #corked = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
    this.#socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
  }

  query<Row extends pg.QueryResultRow>(
    text: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    this.#cork();
    this.#started = true;
    if (this.#begun) return this.#client.query<Row>(text as string, values as unknown[]);
    return this.#begin<Row>(text, values);
  }

  send(text: string | NamedStatement, values?: readonly unknown[]): void {
    const answer = this.query(text, values);
    // `commit` waits for it; a transaction that fails before that has another error to tell.
    answer.catch(() => {});
    this.#sent.push(answer);
  }

  afterCommit(run: () => void): void {
    this.#after.push(run);
  }

  /**
   * @returns false when the server has rolled back, because a statement failed and nobody said so
   * @throws what a statement that was sent has failed with, or the COMMIT
   */
  async commit(): Promise<boolean> {
    if (!this.#started) return true;
    this.#cork();
    // It goes out with the statements before it. Should one have failed, the server rolls back instead.
    const answer = this.#client.query('COMMIT');
    answer.catch(() => {});
    await Promise.all(this.#sent);
    return (await answer).command === 'COMMIT';
  }

  async rollback(): Promise<void> {
    if (this.#started) await this.#client.query('ROLLBACK');
  }

  committed(): void {
    for (const run of this.#after) run();
  }

  #begin<Row extends pg.QueryResultRow>(
    text: string | NamedStatement,
    values: readonly unknown[] | undefined,
  ): Promise<pg.QueryResult<Row>> {
    const config = typeof text === 'string' ? { text } : text;
    return new Promise<pg.QueryResult<Row>>((resolve, reject) => {
      const answer = (error: Error | undefined, result: unknown) =>
        error ? reject(error) : resolve(result as pg.QueryResult<Row>);
      const begun = () => {
        this.#begun = true;
      };
      this.#client.query(new BeginningQuery({ ...config, values: values as unknown[] }, answer, begun));
    }).catch((error: Error) => {
      // The stack of whoever sent it, as for other statements.
      Error.captureStackTrace(error);
      throw error;
    });
  }

  /** Until the end of this tick, so that what is sent in it goes out in one piece. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }
}
