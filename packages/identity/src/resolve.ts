/**
 * From credentials to principals. Rights are at most a second old; on the host that changed them they
 * hold from the next request on (`forgetRights`).
 */
import { type Clock, type Database, systemClock } from '@moonbase/data';
import { digestOf, looksLikeKey } from './keys.ts';
import { freeze, type Principal } from './principal.ts';
import { reachesOf } from './reach.ts';
import { RecentReads } from './recent-reads.ts';
import { permissionsOf } from './roles.ts';

export interface IdentityOptions {
  db: Database;
  clock?: Clock;
  /** Oldest rights that are still acted upon, in milliseconds; 1,000 unless said. */
  freshFor?: number;
}

/** A principal and until when its credentials hold. */
interface Resolved {
  principal: Principal;
  /** Of the session or key. */
  id: string;
  expiresAt: number;
}

let generation = 0;

/** Makes every {@link Identity} of this process read again. Call it after the commit that changed rights. */
export function forgetRights(): void {
  generation += 1;
}

export class Identity {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #sessions: RecentReads<Resolved | undefined>;
  readonly #keys: RecentReads<Resolved | undefined>;
  readonly #used = { sessions: new Map<string, number>(), keys: new Map<string, number>() };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IdentityOptions) {
    this.#db = options.db;
    this.#clock = options.clock ?? systemClock;
    const shared = { freshFor: options.freshFor, generation: () => generation };
    this.#sessions = new RecentReads({ ...shared, read: (token) => this.#readSession(token) });
    this.#keys = new RecentReads({ ...shared, read: (secret) => this.#readKey(secret) });
  }

  /** Who the session's token belongs to; undefined when it is unknown, expired or the person inactive. */
  ofSession(token: string): Principal | undefined | Promise<Principal | undefined> {
    const bare = token.split('.', 1)[0]!;
    if (bare.length < 20 || bare.length > 100) return undefined;
    const found = this.#sessions.get(bare);
    return found instanceof Promise
      ? found.then((resolved) => this.#use('sessions', resolved))
      : this.#use('sessions', found);
  }

  /** Who the API key belongs to; undefined when it is unknown, revoked or expired. No promise when known. */
  ofKey(secret: string): Principal | undefined | Promise<Principal | undefined> {
    if (!looksLikeKey(secret)) return undefined;
    const found = this.#keys.get(secret);
    return found instanceof Promise
      ? found.then((resolved) => this.#use('keys', resolved))
      : this.#use('keys', found);
  }

  /** The next request reads again, in every Identity of this process. */
  forget(): void {
    forgetRights();
  }

  /** Writes down when sessions and keys were last used. Happens by itself every ten seconds. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#flush('keys', 'UPDATE people.keys AS t SET last_used_at = used.at FROM');
    await this.#flush(
      'sessions',
      // A session in use lives on for a week, thirty days at most.
      `UPDATE people.sessions AS t SET last_used_at = used.at,
         expires_at = greatest(t.expires_at, least(used.at + interval '7 days', t.created_at + interval '30 days')) FROM`,
    );
  }

  #use(kind: 'sessions' | 'keys', found: Resolved | undefined): Principal | undefined {
    if (!found) return undefined;
    const now = this.#clock.now().getTime();
    if (found.expiresAt <= now) return undefined;
    this.#used[kind].set(found.id, now);
    this.#timer ??= setTimeout(() => this.flush().catch(() => {}), 10_000).unref();
    return found.principal;
  }

  async #flush(kind: 'sessions' | 'keys', update: string): Promise<void> {
    const used = [...this.#used[kind]].sort(([a], [b]) => (a < b ? -1 : 1));
    if (used.length === 0) return;
    this.#used[kind].clear();
    await this.#db.query(
      `${update} (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at) ORDER BY id) AS used
       WHERE t.id = used.id AND (t.last_used_at IS NULL OR t.last_used_at < used.at)`,
      [used.map(([id]) => id), used.map(([, at]) => new Date(at))],
    );
  }

  async #readSession(token: string): Promise<Resolved | undefined> {
    const answer = await this.#db.query<{
      id: string;
      person_id: string;
      expires_at: Date;
      name: string;
      roles: string[];
      agent_id: string | null;
      teams: string[];
      branches: string[];
      regions: string[];
    }>(
      // Who was given no team or branch to lead leads where their own agent belongs.
      `SELECT s.id, s.person_id, s.expires_at, p.name, p.roles, p.agent_id,
              CASE WHEN p.teams <> '{}' THEN p.teams ELSE array_remove(ARRAY[a.team_id], NULL) END AS teams,
              CASE WHEN p.branches <> '{}' THEN p.branches ELSE array_remove(ARRAY[a.branch_id], NULL) END AS branches,
              ARRAY(SELECT b.id FROM people.known_branches b
                     WHERE b.region = ANY (CASE WHEN p.regions <> '{}' THEN p.regions ELSE
                       ARRAY(SELECT o.region FROM people.known_branches o WHERE o.id = a.branch_id) END)) AS regions
       FROM people.sessions s
       JOIN people.people p ON p.id = s.person_id
       LEFT JOIN people.known_agents a ON a.id = p.agent_id
       WHERE s.token = $1 AND p.active AND NOT s.pending`,
      [digestOf(token)],
    );
    const row = answer.rows[0];
    if (!row) return undefined;
    const { teams, branches, regions } = row;
    return {
      id: row.id,
      expiresAt: row.expires_at.getTime(),
      principal: freeze({
        kind: 'person',
        id: row.person_id,
        name: row.name,
        roles: row.roles,
        permissions: permissionsOf(row.roles),
        agentId: row.agent_id,
        reaches: reachesOf(row.roles, {
          ...{ person: row.person_id, agent: row.agent_id, teams, branches, regions },
        }),
      }),
    };
  }

  async #readKey(secret: string): Promise<Resolved | undefined> {
    const answer = await this.#db.query<{
      id: string;
      name: string;
      scopes: string[];
      expires_at: Date | null;
    }>('SELECT id, name, scopes, expires_at FROM people.keys WHERE digest = $1 AND revoked_at IS NULL', [
      digestOf(secret),
    ]);
    const row = answer.rows[0];
    if (!row) return undefined;
    return {
      id: row.id,
      expiresAt: row.expires_at?.getTime() ?? Number.POSITIVE_INFINITY,
      principal: freeze({
        kind: 'key',
        id: row.id,
        name: row.name,
        roles: [],
        permissions: row.scopes,
        agentId: null,
        reaches: {},
      }),
    };
  }
}
