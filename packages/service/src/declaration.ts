/**
 * The declaration of a service: its table of contents. `defineService` checks what types can't.
 */
import type { MigrationSet } from '@moonbase/data';
import type { Event, EventDeclaration, Transaction } from '@moonbase/events';
import type { Api, Route, RouteAnswer } from '@moonbase/http';
import type { ErrorTable } from '@moonbase/http/errors';
import type { Principal } from '@moonbase/identity';
import type { z } from 'zod';
import type { Command } from './commands.ts';
import type { RouteRequest, ServiceContext } from './context.ts';
import type { PersonalData, Purpose, Subject, SubjectKind } from './personal.ts';

/** What a handler of a route is: validated input in, `{status, body}` out; throws errors of the table. */
export type Handler<R extends Route> = (
  request: RouteRequest<R>,
  context: ServiceContext,
) => Promise<RouteAnswer<R>>;

/** One handler per route, by name. */
export type Handlers<A extends Api> = { [Name in keyof A]: Handler<A[Name]> };

/**
 * What a service does about events. `handle` gets the events of one lane in order, as many as are there,
 * and one transaction with the consumer's position: it runs statements for all of them at once, or loops.
 * Never touch the outside from here: enqueue a job.
 */
export interface Reaction {
  /** Declarations of the events it reacts to. */
  on: readonly EventDeclaration[];
  // biome-ignore lint/suspicious/noExplicitAny: handlers of different events live in one table; `reaction()` types each.
  handle: (events: Event<any>[], tx: Transaction, context: ServiceContext) => Promise<void>;
  /** Lanes that work side by side; 4 unless said. */
  lanes?: number;
}

/** Types one row of `reactions.ts`: the handler's events are those it is declared `on`. */
export function reaction<D extends EventDeclaration>(row: {
  on: readonly D[];
  handle: (events: Event<D>[], tx: Transaction, context: ServiceContext) => Promise<void>;
  lanes?: number;
}): Reaction {
  return row as Reaction;
}

export interface JobRun<Input> {
  /** Stays the same over all attempts: the idempotency key for whatever it calls. */
  id: string;
  input: Input;
  /** From 1. */
  attempt: number;
  /** Aborted when the host stops or the job's time is up. */
  signal: AbortSignal;
  /** Shown on the jobs page. */
  progress(done: number, total: number): Promise<void>;
}

/** What a job reports when it ends, kept in the run history. */
export interface JobResult {
  /** Rows it wrote, files it made …: counts by name. */
  counts?: Record<string, number>;
}

export interface JobDeclaration<Input extends z.ZodType = z.ZodType> {
  /** What it does, in a line for the jobs page. */
  summary: string;
  input: Input;
  // biome-ignore lint/suspicious/noExplicitAny: jobs of different inputs live in one table; `job()` types each.
  handle: (run: JobRun<any>, context: ServiceContext) => Promise<JobResult | undefined>;
  /** Attempts after the first; 5 unless said. */
  retries?: number;
  /** Seconds before the first retry, doubled each time; 5 unless said. */
  retryDelay?: number;
  /** Seconds one attempt may take; 900 unless said. */
  timeout?: number;
  /** Runs of it side by side in one host; 2 unless said. */
  concurrency?: number;
}

/** Types one row of `jobs.ts`. */
export function job<Input extends z.ZodType>(row: {
  summary: string;
  input: Input;
  handle: (run: JobRun<z.output<Input>>, context: ServiceContext) => Promise<JobResult | undefined>;
  retries?: number;
  retryDelay?: number;
  timeout?: number;
  concurrency?: number;
}): JobDeclaration<Input> {
  return row;
}

export interface ScheduleDeclaration {
  /** Five fields, minutes first. */
  cron: string;
  /** IANA name; the organisation's zone unless said. */
  zone?: string;
  /** Name of a job of this service. */
  job: string;
  input?: unknown;
  /** Name of a setting `{cron, zone}` that overrides both. */
  setting?: string;
}

/** A value that people change on the settings page. */
export interface SettingDeclaration<Schema extends z.ZodType = z.ZodType> {
  title: string;
  schema: Schema;
  /** Until somebody sets it. */
  default: z.input<Schema>;
}

/** A named question to the warehouse; packages/warehouse runs it. */
export interface Insight {
  title: string;
  allow: `${string}:${string}`;
  // How it is asked and drawn is the insights service's own affair; see services/insights.
  [more: string]: unknown;
}

export interface Service {
  /** Its folder, schema and prefix of names: `sales`. */
  name: string;
  /** In the console: `Sales`. */
  title: string;
  migrations?: URL;
  api?: Api;
  // biome-ignore lint/suspicious/noExplicitAny: handlers were typed against their routes by `defineService`.
  handlers?: Record<string, Handler<any>>;
  /** Events it publishes. */
  events?: readonly EventDeclaration[];
  reactions?: Record<string, Reaction>;
  jobs?: Record<string, JobDeclaration>;
  schedules?: Record<string, ScheduleDeclaration>;
  settings?: Record<string, SettingDeclaration>;
  insights?: Record<string, Insight>;
  errors?: ErrorTable;
  /** Which of its tables and columns hold personal data; see personal.ts. */
  personal?: PersonalData;
  /** What people may agree to or refuse, by name: known everywhere as `<service>.<name>`. */
  purposes?: Record<string, Purpose>;
  /** Finds those whose data it owns by what they are known by, for the privacy officer; at most 20. */
  findSubjects?: (search: string, context: ServiceContext) => Promise<Subject[]>;
  /**
   * Erases those whose data it owns. Others follow by the event that it publishes, whose type ends in `.erased`
   * and whose key is the subject: the platform's own copies obey it too.
   */
  erase?: Partial<
    Record<
      SubjectKind,
      (tx: Transaction, id: string, context: ServiceContext, asker: Principal) => Promise<void>
    >
  >;
  /** Commands it adds to the `moon` CLI. */
  commands?: readonly Command[];
  /** Fills the demo data of a first start. */
  seed?: (context: ServiceContext) => Promise<void>;
  /** Runs once when a host starts, before it is ready. */
  start?: (context: ServiceContext) => Promise<void>;
}

/** Declares a service. Types hold its handlers to its routes. */
export function defineService<A extends Api>(
  service: Omit<Service, 'api' | 'handlers'> & { api?: A; handlers?: Handlers<A> },
): Service {
  return service as Service;
}

/** The migrations of some services, for `migrate`. */
export function migrationsOf(services: readonly Service[]): MigrationSet[] {
  return services.flatMap(({ name, migrations }) =>
    migrations ? [{ schema: name, folder: migrations }] : [],
  );
}
