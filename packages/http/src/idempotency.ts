/**
 * Idempotency keys: a POST that is sent twice with the same `Idempotency-Key` is carried out once, and
 * answered twice.
 *
 * The key is claimed before the handler runs. The first transaction of the handler marks the claim as
 * carried out, in the same commit as its rows (`Database.transaction` asks the context for what is to be
 * done before a commit). So after a crash it is known which of two things happened:
 *
 *   claimed ──(commit)──▶ carried out ──▶ answered            a repeat gets the kept answer
 *      │                      └── died before the answer was kept: a repeat is told so
 *      └── died before the commit: after LEASE seconds a repeat carries it out
 *
 * An error that the handler threw before any commit gives the key back.
 */
import { createHash } from 'node:crypto';
import {
  type Clock,
  type Database,
  type MigrationSet,
  type Transaction,
  withBeforeCommit,
} from '@moonbase/data';
import { httpError } from './http-errors.ts';
import type { ServerAnswer } from './server.ts';

/** Seconds after which a claim without a commit counts as abandoned. */
const LEASE = 60;

export const httpMigrations: MigrationSet = {
  schema: 'http',
  folder: new URL('../migrations/', import.meta.url),
};

interface Claim {
  key: string;
  caller: string;
  route: string;
}

interface Row {
  digest: string;
  state: 'claimed' | 'carried-out' | 'answered';
  status: number | null;
  answer: unknown;
  headers: Record<string, string> | null;
  stale: boolean;
}

export class Idempotency {
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * Runs `work` unless it was done before.
   *
   * @param content what must be the same for it to be the same request
   * @throws CodedError `idempotency_key_invalid`, `_reused`, `_in_progress`, `idempotency_answer_lost`
   */
  async once(claim: Claim, content: unknown, work: () => Promise<ServerAnswer>): Promise<ServerAnswer> {
    if (!/^[\x21-\x7e]{1,200}$/.test(claim.key)) throw httpError('idempotency_key_invalid');
    const digest = createHash('sha256')
      .update(JSON.stringify(content ?? null))
      .digest('hex');
    const kept = await this.#claim(claim, digest);
    if (kept) return kept;
    let carriedOut = false;
    const mark = async (tx: Transaction) => {
      if (carriedOut) return;
      tx.afterCommit(() => {
        carriedOut = true;
      });
      await tx.query(
        `UPDATE http.idempotency SET state = 'carried-out' WHERE caller = $1 AND route = $2 AND key = $3`,
        [claim.caller, claim.route, claim.key],
      );
    };
    try {
      const answer = await withBeforeCommit(mark, work);
      await this.#db.query(
        `UPDATE http.idempotency SET state = 'answered', status = $4, answer = $5, headers = $6
         WHERE caller = $1 AND route = $2 AND key = $3`,
        [
          claim.caller,
          claim.route,
          claim.key,
          answer.status,
          JSON.stringify(answer.body ?? null),
          JSON.stringify(answer.headers ?? {}),
        ],
      );
      return answer;
    } catch (error) {
      await this.#db
        .query(
          `DELETE FROM http.idempotency WHERE caller = $1 AND route = $2 AND key = $3 AND state = 'claimed'`,
          [claim.caller, claim.route, claim.key],
        )
        .catch(() => {});
      throw error;
    }
  }

  /** Takes the key, or gives the answer kept under it. */
  async #claim({ key, caller, route }: Claim, digest: string): Promise<ServerAnswer | undefined> {
    const now = this.#clock.now();
    const taken = await this.#db.query(
      `INSERT INTO http.idempotency AS i (caller, route, key, digest, claimed_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (caller, route, key) DO UPDATE SET claimed_at = excluded.claimed_at
         WHERE i.state = 'claimed' AND i.digest = excluded.digest
           AND i.claimed_at < excluded.claimed_at - make_interval(secs => $6)
       RETURNING 1`,
      [caller, route, key, digest, now, LEASE],
    );
    if (taken.rowCount) return undefined;
    const found = await this.#db.query<Row>(
      'SELECT digest, state, status, answer, headers FROM http.idempotency WHERE caller = $1 AND route = $2 AND key = $3',
      [caller, route, key],
    );
    const row = found.rows[0];
    if (!row) throw httpError('idempotency_in_progress');
    if (row.digest !== digest) throw httpError('idempotency_key_reused');
    if (row.state === 'claimed') throw httpError('idempotency_in_progress');
    if (row.state === 'carried-out') throw httpError('idempotency_answer_lost');
    return {
      status: row.status!,
      body: row.answer,
      headers: { ...row.headers, 'idempotent-replayed': 'true' },
    };
  }
}

/** Forgets keys older than a day. @returns how many */
export async function forgetIdempotencyKeys(db: Database, now: Date): Promise<number> {
  const gone = await db.query(
    `DELETE FROM http.idempotency WHERE claimed_at < $1::timestamptz - interval '24 hours'`,
    [now],
  );
  return gone.rowCount ?? 0;
}
