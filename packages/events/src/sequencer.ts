/**
 * The sequencer: gives committed events their positions.
 *
 * Every host has a connection for it, which also listens. One of them holds the database's advisory lock: its
 * host is the sequencer and works on that very connection, so that lock and work end together. The others
 * try for the lock at every poll. Should two believe in themselves for a moment, the head's row lock keeps
 * their rounds apart: the lock is for economy, the row for truth.
 *
 *   waiting --(lock free)--> elected --(woken, or poll)--> round … round --> elected
 *   any --(connection lost)--> waiting
 */
import type { Database } from '@moonbase/data';
import type { Logger } from '@moonbase/telemetry';
import type pg from 'pg';
import { InboxFloor, inboxWriters } from './inbox-floor.ts';
import { KeptConnection } from './kept-connection.ts';
import { measures } from './measures.ts';
import { Pace } from './pace.ts';

/** Held by the one who sequences: any two numbers, the same for ever. */
const LOCK = [1297043790, 1163284301];
/** Held, shared, by every host that listens. */
const PRESENCE = [1297043790, 1163284302];
const CHANNEL = 'moonbase_events';
/** Most events in a round. */
const ROUND = 4_000;
/** A server that does not answer a round for this long (ms) counts as lost. */
const PATIENCE = 30_000;

// A machine that vanishes without a word gives the lock back after some seconds, not after two hours.
const SET_UP = `SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;
                SET application_name = 'moonbase events'; LISTEN ${CHANNEL}`;

export interface SequencerOptions {
  db: Database;
  log: Logger;
  /** The head has come to a position, as far as this host knows. */
  onHead: (head: number) => void;
  /** Connected, maybe again; where the head is. */
  onConnected: (head: number) => void;
  /** Another host erased a person. */
  onErased: (subject: string) => void;
}

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #connection: KeptConnection;
  #elected = false;
  /** Something may wait in the inbox. */
  #dirty = false;
  readonly #floor = new InboxFloor();
  readonly #pace = new Pace(1, 8);
  /** Whether other hosts listen. */
  #others = true;
  #round: Promise<void> | undefined;
  /** Messages to the other hosts, sent together, one NOTIFY under way at a time. */
  #messages = new Set<string>();
  #telling = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#connection = new KeptConnection({
      db: options.db,
      log: options.log,
      name: 'event sequencer',
      setUp: (client) => this.#setUp(client),
      onLost: () => {
        this.#elected = false;
        this.#telling = false;
        this.#messages.clear();
      },
    });
  }

  get elected(): boolean {
    return this.#elected;
  }

  async start(): Promise<void> {
    await this.#connection.start();
    await this.poll();
  }

  async stop(): Promise<void> {
    this.#dirty = false;
    // A server that does not answer keeps no host from stopping; the round is rolled back, or it was done.
    await Promise.race([this.#round, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    await this.#connection.stop();
  }

  /** Something was published: sequence it, or tell who does. */
  wake(): void {
    if (this.#elected) this.#work();
    else this.#tell('inbox');
  }

  /** Tells the other hosts that a person was erased. */
  tellErased(subject: string): void {
    this.#tell(`erased ${subject}`);
  }

  /** Looks whether there is something to do, woken or not. Call it every so often. */
  async poll(): Promise<void> {
    const client = this.#connection.client;
    if (!client) return;
    try {
      if (!this.#elected) await this.#campaign(client);
      if (this.#elected) {
        await this.#lookAround(client);
        this.#work();
      } else {
        const head = await client.query<{ position: number }>('SELECT position FROM events.head');
        this.#options.onHead(head.rows[0]!.position);
      }
    } catch (error) {
      this.#options.log.debug({ error: (error as Error).message }, 'event sequencer: poll failed');
    }
  }

  /** What a sequencer has to know about others. */
  async #lookAround(client: pg.Client): Promise<void> {
    const present = await client.query<{ hosts: number }>({
      name: 'events.present',
      text: `SELECT count(*) AS hosts FROM pg_locks
              WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND mode = 'ShareLock' AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      values: PRESENCE,
    });
    this.#others = present.rows[0]!.hosts > 1;
    const newest = this.#floor.due();
    if (newest !== undefined) this.#floor.saw(newest, await inboxWriters(client));
  }

  async #setUp(client: pg.Client): Promise<void> {
    client.on('notification', ({ payload = '' }) => {
      if (payload === 'inbox') {
        if (this.#elected) this.#work();
      } else if (payload === 'hello') this.#others = true;
      else if (payload.startsWith('head ')) this.#options.onHead(Number(payload.slice(5)));
      else if (payload.startsWith('erased ')) this.#options.onErased(payload.slice(7));
    });
    await client.query(SET_UP);
    await client.query('SELECT pg_advisory_lock_shared($1, $2)', PRESENCE);
    await client.query(`NOTIFY ${CHANNEL}, 'hello'`);
    const head = await client.query<{ position: number }>('SELECT position FROM events.head');
    this.#options.onConnected(head.rows[0]!.position);
    await this.#campaign(client);
  }

  async #campaign(client: pg.Client): Promise<void> {
    const answer = await client.query<{ won: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS won', LOCK);
    if (!answer.rows[0]!.won || this.#elected) return;
    this.#elected = true;
    this.#others = true;
    this.#floor.reset();
    this.#options.log.info('This host sequences events now');
    this.#work();
  }

  #work(): void {
    this.#dirty = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = undefined;
    });
  }

  async #rounds(): Promise<void> {
    try {
      while (this.#dirty && this.#elected) {
        await this.#pace.wait();
        this.#dirty = false;
        const started = performance.now();
        const floor = this.#floor.begin();
        const answer = await this.#connection.query<{
          reached: number;
          taken: number;
          newest: number | null;
        }>(
          {
            name: 'events.sequence',
            text: 'SELECT reached, taken, newest FROM events.sequence_events($1, $2)',
            values: [ROUND, floor],
          },
          PATIENCE,
        );
        const { reached, taken, newest } = answer.rows[0]!;
        measures.sequenced.inc(taken);
        this.#floor.took(newest, taken < ROUND);
        if (taken >= ROUND) this.#dirty = true;
        else this.#pace.rest(started, taken);
        this.#options.onHead(reached);
        if (taken > 0 && this.#others) this.#tell(`head ${reached}`);
      }
    } catch (error) {
      // The poll tries again; a lost connection is made anew by itself.
      this.#options.log.warn({ error: (error as Error).message }, 'event sequencer: a round failed');
    }
  }

  /** After commits, never in them: a NOTIFY inside a transaction serialises all commits that have one. */
  #tell(message: string): void {
    if (message.startsWith('head '))
      for (const other of this.#messages) if (other.startsWith('head ')) this.#messages.delete(other);
    this.#messages.add(message);
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => void this.#send());
  }

  async #send(): Promise<void> {
    try {
      while (this.#messages.size > 0 && this.#connection.client) {
        const messages = [...this.#messages];
        this.#messages.clear();
        await this.#connection.client.query({
          name: 'events.notify',
          text: `SELECT pg_notify('${CHANNEL}', message) FROM unnest($1::text[]) AS message`,
          values: [messages],
        });
      }
    } catch {
      // The poll of the others makes up for it.
    } finally {
      this.#telling = false;
    }
  }
}
