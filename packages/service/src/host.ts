/**
 * The host: a process that runs some services. It gives each its context, its routes to the server, its
 * reactions to the event log, its jobs and schedules to the runner.
 */
import { mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type Clock, checkDataKeys, Database, limited, systemClock } from '@moonbase/data';
import { EventLog, sealSubjects } from '@moonbase/events';
import {
  closeGently,
  createServer,
  Idempotency,
  openApi,
  serveConsole,
  serveReference,
} from '@moonbase/http';
import { declareSettings, Identity, Settings } from '@moonbase/identity';
import { Jobs } from '@moonbase/jobs';
import { createLogger, Health, type Logger } from '@moonbase/telemetry';
import { Warehouse } from '@moonbase/warehouse';
import type { FastifyInstance } from 'fastify';
import { version } from './build.ts';
import type { ServiceContext } from './context.ts';
import type { Service } from './declaration.ts';
import { LiveStreams } from './live-streams.ts';
import { measureHost } from './measure-host.ts';
import { privacyService } from './privacy-service.ts';
import { systemService } from './system-service.ts';

export interface HostOptions {
  services: readonly Service[];
  /** As the login role; the host itself acts as `moonbase_host`. The tables are there (`installServices`). */
  databaseUrl: string;
  /** For files of the lake. */
  dataFolder: string;
  /** The console's build; the address then shows the console. */
  consoleFolder?: string;
  /** 0 for any free one. */
  port: number;
  /** Address to listen on; 127.0.0.1 unless said. */
  host?: string;
  clock?: Clock;
  log?: Logger;
  /** Most connections to PostgreSQL in the pool; 12 unless said. */
  connections?: number;
  behindProxy?: boolean;
}

/** Makes a host; `start` runs it. */
export function createHost(options: HostOptions): Host {
  return new Host(options);
}

export class Host {
  readonly db: Database;
  readonly events: EventLog;
  readonly jobs: Jobs;
  readonly warehouse: Warehouse;
  readonly health = new Health();
  readonly log: Logger;
  readonly clock: Clock;
  readonly services: readonly Service[];
  readonly settings: Settings;
  readonly #options: HostOptions;
  readonly #identity: Identity;
  readonly #contexts = new Map<string, ServiceContext>();
  readonly #connections = new Set<Socket>();
  readonly #live: LiveStreams;
  readonly #app: FastifyInstance;
  #stopMeasuring: () => void = () => {};
  #url = '';
  #started = false;

  constructor(options: HostOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? createLogger({ service: 'host' });
    this.db = new Database({
      url: options.databaseUrl,
      connections: options.connections ?? 12,
      name: 'moonbase host',
    });
    this.settings = new Settings({ db: this.db });
    this.#identity = new Identity({ db: this.db, clock: this.clock });
    // Everything a service publishes or reacts to: what others publish is known from those who react to it.
    const declarations = new Set(
      options.services.flatMap(({ events = [], reactions = {} }) => [
        ...events,
        ...Object.values(reactions).flatMap((reaction) => reaction.on),
      ]),
    );
    this.events = new EventLog({ db: this.db, declarations: [...declarations], log: this.log });
    this.jobs = new Jobs({
      db: this.db,
      clock: this.clock,
      log: this.log,
      zone: async () => (await this.settings.organisation()).zone,
    });
    this.warehouse = new Warehouse({
      db: this.db,
      folder: join(options.dataFolder, 'lake'),
      declarations: [...declarations],
      eventLog: this.events,
      clock: this.clock,
      log: this.log,
      zone: async () => (await this.settings.organisation()).zone,
    });
    this.#live = new LiveStreams({
      events: this.events,
      identity: this.#identity,
      services: options.services,
      log: this.log,
    });
    this.services = [...options.services, systemService(this)];
    this.services = [...this.services, privacyService(this)];
    for (const service of this.services) this.#adopt(service);
    this.#app = this.#serve();
    this.health.register('database', async () => void (await this.db.query('SELECT 1')));
    this.health.register('events', async () => {
      if (!this.#started) throw new Error('The host is starting.');
      const answer = await this.db.query<{ stuck: boolean }>(
        `SELECT EXISTS (SELECT FROM events.inbox WHERE recorded_at < now() - interval '10 seconds') AS stuck`,
      );
      if (answer.rows[0]?.stuck) throw new Error('Events wait for their positions: no host gives them.');
    });
  }

  /** Where it answers: `http://127.0.0.1:8000`. */
  get url(): string {
    return this.#url;
  }

  /** What a service of this host is given; for seeds and tests. */
  context(service: string): ServiceContext {
    const context = this.#contexts.get(service);
    if (!context) throw new Error(`This host runs no service ${service}.`);
    return context;
  }

  /** Resolves when it answers requests and works on events and jobs. */
  async start(): Promise<void> {
    await mkdir(join(this.#options.dataFolder, 'lake'), { recursive: true });
    await checkDataKeys(this.db);
    const sealed = await sealSubjects(this.db);
    if (sealed > 0) this.log.info({ sealed }, 'keys of personal data are encrypted now');
    for (const { name, settings = {} } of this.services) await declareSettings(this.db, name, settings);
    await this.events.start();
    await this.jobs.start();
    await this.warehouse.start();
    for (const service of this.services) await service.start?.(this.context(service.name));
    this.#stopMeasuring = measureHost(this);
    this.#live.start();
    const host = this.#options.host ?? '127.0.0.1';
    const address = await this.#app.listen({ port: this.#options.port, host });
    this.#url = address.replace('0.0.0.0', '127.0.0.1').replace('[::]', '127.0.0.1');
    this.#started = true;
  }

  /** Answers what is under way, ends turns and runs, and gives its connections back. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#live.stop();
    await closeGently(this.#app, this.#connections, 5_000);
    this.#stopMeasuring();
    await this.warehouse.stop();
    await this.jobs.stop();
    await this.events.stop();
    await this.#identity.flush().catch(() => {});
    await this.db.close();
  }

  #adopt(service: Service): void {
    const context = this.#contextOf(service.name);
    this.#contexts.set(service.name, context);
    for (const [name, { on, handle, lanes }] of Object.entries(service.reactions ?? {})) {
      this.events.addConsumer({
        name: `${service.name}.${name}`,
        on,
        lanes,
        handle: (events, tx) => handle(events, tx, context),
      });
    }
    for (const [name, declaration] of Object.entries(service.jobs ?? {})) {
      this.jobs.define(service.name, name, declaration, (run) => declaration.handle(run, context));
    }
    for (const [name, { setting, ...schedule }] of Object.entries(service.schedules ?? {})) {
      const declaration = setting === undefined ? undefined : service.settings?.[setting];
      this.jobs.schedule(service.name, name, {
        ...schedule,
        ...(declaration
          ? {
              override: async () =>
                (await context.setting(setting!, declaration)) as { cron: string; zone?: string },
            }
          : {}),
      });
    }
  }

  #contextOf(service: string): ServiceContext {
    return {
      service,
      db: this.db,
      system: this.db,
      clock: this.clock,
      log: this.log.child({ service }),
      warehouse: this.warehouse,
      enqueue: (tx, job, input, options) => this.jobs.enqueue(tx, service, job, input, options),
      setting: (name, declaration) => this.settings.get(`${service}.${name}`, declaration),
      organisation: () => this.settings.organisation(),
    };
  }

  #serve(): FastifyInstance {
    const app = createServer({
      services: this.services.map(({ name, api = {}, handlers = {} }) => {
        const context = this.context(name);
        return {
          name,
          api,
          handlers: Object.fromEntries(
            Object.entries(handlers).map(([route, handler]) => [
              route,
              (request) => {
                const db = limited(this.db, request.reach);
                // biome-ignore lint/suspicious/noExplicitAny: the server parsed the request with the route's schemas.
                return handler(request as any, { ...context, db }) as any;
              },
            ]),
          ),
        };
      }),
      identity: this.#identity,
      idempotency: new Idempotency(this.db, this.clock),
      health: this.health,
      log: this.log,
      behindProxy: this.#options.behindProxy,
    });
    app.server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    this.#live.serve(app);
    serveReference(app, openApi(this.services, version));
    serveConsole(app, this.#options.consoleFolder, this.log);
    return app;
  }
}
