/**
 * Live streams: committed events to pages as they come, by `GET /api/live?types=a,b`.
 *
 * The id of a message is a position of the log, so a browser that comes back with `Last-Event-ID` gets what
 * it missed, no gap and no repeat; after too long an absence it gets a message `gap` and reads afresh. With
 * `after=<consumer>` an event is sent only once that consumer has handled it: a page that asks for figures
 * when it hears of a sale then finds the sale in them.
 *
 * Events are read and encoded once per round for all streams; personal fields never leave. A reader whose
 * socket is full is passed over until it has drained, and catches up from the log.
 */
import type { Reach } from '@moonbase/data';
import type { Event, EventDeclaration, EventLog } from '@moonbase/events';
import { httpError, identify } from '@moonbase/http';
import { ANONYMOUS, can, type Identity, type Principal, permissions, reachOf } from '@moonbase/identity';
import type { Logger } from '@moonbase/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Service } from './declaration.ts';
import { eventInReach } from './event-reach.ts';

/** Events a stream may have missed and still be sent one by one. */
const CATCH_UP = 10_000;
const BATCH = 500;
const HEARTBEAT_MS = 15_000;
/** Shortest time between two rounds: what comes meanwhile goes out together. */
const ROUND_MS = 20;

const query = z.object({
  types: z.string().min(1).max(1_000),
  after: z.string().max(100).optional(),
  lastEventId: z.coerce.number().int().nonnegative().optional(),
});

interface Stream {
  reply: FastifyReply;
  headers: FastifyRequest['headers'];
  secure: boolean;
  /** As whom it was authorised last, and when (milliseconds of the process). */
  principal: Principal;
  authorisedAt: number;
  types: ReadonlySet<string>;
  /** What its reader may see, by type. */
  reaches: ReadonlyMap<string, Reach>;
  after: string | undefined;
  position: number;
  full: boolean;
}

export class LiveStreams {
  readonly #events: EventLog;
  readonly #identity: Identity;
  readonly #log: Logger;
  readonly #streams = new Set<Stream>();
  readonly #declarations = new Map<string, { declaration: EventDeclaration; permission: string }>();
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #busy = false;
  #unlisten: () => void = () => {};

  constructor(options: {
    events: EventLog;
    identity: Identity;
    services: readonly Service[];
    log: Logger;
  }) {
    this.#events = options.events;
    this.#identity = options.identity;
    this.#log = options.log;
    for (const { name, events = [] } of options.services) {
      for (const declaration of events) {
        const own = `${declaration.type.split('.', 1)[0]}:read`;
        const permission = own in permissions ? own : `${name}:read`;
        this.#declarations.set(declaration.type, { declaration, permission });
      }
    }
  }

  serve(app: FastifyInstance): void {
    app.get('/api/live', async (request, reply) => {
      const parsed = query.safeParse(request.query);
      if (!parsed.success)
        throw httpError('invalid', { faults: [{ at: 'query/types', message: 'names event types' }] });
      const types = new Set(parsed.data.types.split(','));
      const reaches = this.#authorise(types, request.principal);
      this.#expectConsumer(parsed.data.after);
      const last = Number(request.headers['last-event-id'] ?? parsed.data.lastEventId ?? Number.NaN);
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-request-id': request.id,
      });
      const stream: Stream = {
        reply,
        headers: request.headers,
        secure: request.protocol === 'https',
        principal: request.principal,
        authorisedAt: performance.now(),
        types,
        reaches,
        after: parsed.data.after,
        position: this.#events.head,
        full: false,
      };
      const missed = this.#events.head - last;
      if (missed >= 0 && missed <= CATCH_UP) stream.position = last;
      else if (!Number.isNaN(last)) write(stream, `event: gap\nid: ${stream.position}\ndata: {}\n\n`);
      // The id at once: a page that loses the connection before the first event still says where it stood.
      write(stream, `id: ${stream.position}\n\n`);
      this.#streams.add(stream);
      reply.raw.on('close', () => this.#streams.delete(stream));
      reply.raw.on('error', () => this.#streams.delete(stream));
      this.#soon();
    });
  }

  start(): void {
    this.#unlisten = this.#events.onAdvance(() => this.#soon());
    this.#heartbeat = setInterval(() => {
      for (const stream of this.#streams) write(stream, ':\n\n');
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Ends the streams: pages connect again, to the next host. */
  stop(): void {
    this.#unlisten();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    for (const stream of this.#streams) stream.reply.raw.end();
    this.#streams.clear();
  }

  /** @returns what of each type the reader may see, as of now */
  #authorise(types: ReadonlySet<string>, principal: Principal): Map<string, Reach> {
    if (principal.kind === 'anonymous') throw httpError('unauthenticated');
    const reaches = new Map<string, Reach>();
    for (const type of types) {
      const known = this.#declarations.get(type);
      if (!known)
        throw httpError('invalid', {
          faults: [{ at: 'query/types', message: `${type} is not an event type` }],
        });
      if (!can(principal, known.permission)) {
        throw httpError('forbidden', { detail: `${type} takes the permission ${known.permission}.` });
      }
      reaches.set(type, reachOf(principal, known.permission));
    }
    return reaches;
  }

  /**
   * Rights are at most a second old here, too: who lost them loses the stream, and whose reach moved sees by the
   * new one.
   */
  async #authoriseAgain(): Promise<void> {
    const now = performance.now();
    for (const stream of this.#streams) {
      if (now - stream.authorisedAt < 1_000) continue;
      stream.authorisedAt = now;
      const principal = await identify(this.#identity, stream.headers, stream.secure);
      if (principal === stream.principal) continue;
      try {
        stream.reaches = this.#authorise(stream.types, principal ?? ANONYMOUS);
        stream.principal = principal ?? ANONYMOUS;
      } catch {
        this.#streams.delete(stream);
        stream.reply.raw.end();
      }
    }
  }

  #expectConsumer(name: string | undefined): void {
    if (name === undefined) return;
    try {
      this.#events.reached(name);
    } catch (cause) {
      const message = `${name} is not a consumer of this host`;
      throw httpError('invalid', { faults: [{ at: 'query/after', message }], cause });
    }
  }

  #soon(): void {
    if (this.#timer || this.#streams.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#round()
        .catch((error) => this.#log.warn({ err: error }, 'live streams'))
        .finally(() => {
          this.#timer = undefined;
          if (this.#behind()) this.#soon();
        });
    }, ROUND_MS);
  }

  #behind(): boolean {
    return [...this.#streams].some((stream) => !stream.full && stream.position < this.#events.head);
  }

  async #round(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#authoriseAgain();
      const groups = Map.groupBy([...this.#streams], ({ position, after }) => `${position} ${after ?? ''}`);
      for (const group of groups.values()) {
        const { position, after } = group[0]!;
        const upto = after === undefined ? this.#events.head : this.#events.reached(after);
        if (upto > position) await this.#send(group, position, upto);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Sends what lies between two positions to streams that stand at the same place. */
  async #send(streams: Stream[], after: number, upto: number): Promise<void> {
    const types = new Set(streams.flatMap((stream) => [...stream.types]));
    const events = await this.#events.read({ after, limit: BATCH, types: [...types] });
    const within = events.filter((event) => event.position <= upto);
    // A full batch ends at its last event; there may be more behind it.
    const end = events.length === BATCH ? (within.at(-1)?.position ?? upto) : upto;
    const encoded = within.map((event) => ({ event, text: this.#encode(event) }));
    const messages = new Map<string, string>();
    for (const stream of streams) {
      if (stream.full || !this.#streams.has(stream)) continue;
      const shared = [...stream.reaches.values()].every(({ all }) => all);
      // Readers who see everything of the same types get the same message.
      const key = [...stream.types].sort().join();
      let message = shared ? messages.get(key) : undefined;
      if (message === undefined) {
        const mine = encoded.filter(({ event }) => this.#sees(stream, event)).map(({ text }) => text);
        message = mine.length > 0 ? `id: ${end}\ndata: [${mine.join(',')}]\n\n` : '';
        if (shared) messages.set(key, message);
      }
      stream.position = end;
      if (message) write(stream, message, () => this.#soon());
    }
  }

  #sees({ reaches }: Stream, event: Event): boolean {
    const reach = reaches.get(event.type);
    return reach !== undefined && eventInReach(event, this.#declarations.get(event.type)!.declaration, reach);
  }

  #encode(event: Event): string {
    const personal = this.#declarations.get(event.type)?.declaration.personal ?? [];
    const payload = { ...(event.payload as Record<string, unknown>) };
    for (const field of personal) delete payload[field];
    const { position, type, key, occurredAt } = event;
    return JSON.stringify({ position, type, key, occurredAt, payload });
  }
}

function write(stream: Stream, text: string, onDrain?: () => void): void {
  if (stream.reply.raw.destroyed || stream.full) return;
  stream.full = !stream.reply.raw.write(text);
  if (stream.full) {
    stream.reply.raw.once('drain', () => {
      stream.full = false;
      onDrain?.();
    });
  }
}
