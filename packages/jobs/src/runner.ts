/**
 * The runner: one look a second at all queues of this host together, woken earlier by an enqueue of the
 * same process. An idle host asks the database two small questions a second, however many jobs it has.
 *
 *   start ──▶ looking ⇄ claiming ──▶ performing (up to `concurrency` of each job)
 *   stop: claims no more, aborts the signals, waits for what runs, then gives the rest back
 */
import { type Clock, type Database, type Queryable, systemClock, type Transaction } from '@moonbase/data';
import { context, type Logger } from '@moonbase/telemetry';
import type { PgBoss } from 'pg-boss';
import { type Carried, prepareQueues, startBoss } from './boss.ts';
import { type Claimed, claim, dueQueues, recover, settle } from './claim.ts';
import { type DeadLetter, discardDead, readDead, replayDead } from './dead-letters.ts';
import {
  checkInput,
  type Definition,
  define,
  type Handle,
  type JobSpec,
  type ScheduleSpec,
} from './declarations.ts';
import { type EnqueueOptions, insertJobs, type NewJob } from './enqueue.ts';
import { JobsError } from './errors.ts';
import { type Backlog, type RunFilter, type RunRow, readBacklog, readRuns } from './history.ts';
import { perform } from './perform.ts';
import { type ScheduleStatus, Schedules } from './schedules.ts';
import { Upkeep } from './upkeep.ts';

export interface JobsOptions {
  db: Database;
  clock?: Clock;
  log?: Logger;
  /** Zone of schedules that name none; UTC unless said. */
  zone?: string | (() => string | Promise<string>);
  /** Milliseconds between two looks; 1,000 unless said. */
  poll?: number;
}

export interface JobOverview extends Backlog {
  summary: string;
}

interface Active {
  definition: Definition;
  running: Map<string, { run: Claimed; done: Promise<void> }>;
  /** The last claim took as many as it could: there may be more. */
  more: boolean;
}

export class Jobs {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #log: Logger | undefined;
  readonly #poll: number;
  readonly #jobs = new Map<string, Active>();
  readonly #schedules: Schedules;
  #boss: Promise<PgBoss> | undefined;
  #prepared: Promise<void> | undefined;
  #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';
  readonly #toClaim = new Set<Active>();
  #claiming: Promise<void> | undefined;
  readonly #upkeep: Upkeep;

  constructor(options: JobsOptions) {
    this.#db = options.db;
    this.#upkeep = new Upkeep(options.db);
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log;
    this.#poll = options.poll ?? 1000;
    const zone = options.zone ?? 'UTC';
    this.#schedules = new Schedules({
      db: this.#db,
      clock: this.#clock,
      log: this.#log,
      zone: async () => (typeof zone === 'string' ? zone : zone()),
      enqueue: (tx, service, spec, tick) => this.#enqueueTick(tx, service, spec, tick),
    });
  }

  /** Declares a job: what runs when one is enqueued. */
  define(service: string, name: string, spec: JobSpec, handle: Handle): void {
    const definition = define(service, name, spec, handle);
    this.#jobs.set(definition.queue, { definition, running: new Map(), more: false });
    this.#prepared = undefined;
  }

  /** Declares that the clock starts a job. @throws JobsError `schedule_invalid` */
  schedule(service: string, name: string, spec: ScheduleSpec): void {
    this.#active(service, spec.job);
    this.#schedules.add(service, name, spec);
  }

  /**
   * Enqueues a job in the caller's transaction: it exists if that commits, and starts right after.
   *
   * @returns its id
   * @throws JobsError `job_unknown`, `input_invalid`
   */
  async enqueue(
    tx: Queryable,
    service: string,
    name: string,
    input: unknown,
    options: EnqueueOptions = {},
  ): Promise<string> {
    const [id] = await this.enqueueAll(tx, service, name, [{ input, ...options }]);
    return id!;
  }

  /** Enqueues many jobs of one kind in one statement. @returns their ids, in order */
  async enqueueAll(
    tx: Queryable,
    service: string,
    name: string,
    jobs: readonly (EnqueueOptions & { input: unknown })[],
  ): Promise<string[]> {
    const { cause, requestId, traceId } = context();
    const carried = { cause: cause ?? requestId ?? null, trace: traceId };
    return this.#send(
      tx,
      this.#active(service, name),
      jobs.map(({ input, ...options }) => ({ ...options, carried: { ...carried, input: input ?? null } })),
    );
  }

  /** Begins to run jobs and schedules. @throws JobsError `not_installed` */
  async start(): Promise<void> {
    if (this.#state === 'started') return;
    await this.#ready();
    this.#state = 'started';
    this.#stopping = new AbortController();
    this.#next(0);
  }

  /**
   * Claims no more and aborts the signals of what runs; waits for it, then gives back what is left, so that
   * another host takes it over at once. Given-back attempts don't count.
   *
   * @param options `within`: milliseconds to wait, 10,000 unless said
   */
  async stop(options: { within?: number } = {}): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#claiming;
    this.#stopping.abort(new Error('The host stops.'));
    const boss = await this.#boss?.catch(() => undefined);
    if (!boss) return;
    const left = () => [...this.#jobs.values()].flatMap((job) => [...job.running.values()]);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, options.within ?? 10_000);
    });
    await Promise.race([Promise.all(left().map((each) => each.done)), limit]);
    clearTimeout(timer);
    for (const { run } of left()) {
      await settle(this.#db, boss, run, { state: 'released' }).catch(() => {});
    }
    await boss.stop({ graceful: false });
    this.#boss = undefined;
    this.#prepared = undefined;
  }

  /** For tests: resolves when nothing is due and nothing runs here. Retries that wait are not waited for. */
  async idle(): Promise<void> {
    for (;;) {
      if (this.#state !== 'started') throw new Error('Jobs are not started.');
      const due = await dueQueues(this.#db, [...this.#jobs.keys()]);
      const busy = this.#claiming || [...this.#jobs.values()].some((job) => job.running.size > 0);
      if (!busy && due.length === 0) return;
      for (const queue of due) this.#wake(queue);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Looks at the clock and at what is due now, rather than within a second. */
  async look(): Promise<void> {
    await this.#look();
  }

  /** Runs of all services, the latest first. */
  runs(filter: RunFilter = {}): Promise<RunRow[]> {
    return readRuns(this.#db, filter);
  }

  /** Jobs whose retries are used up. */
  dead(filter: { service?: string; limit?: number } = {}): Promise<DeadLetter[]> {
    return readDead(this.#db, filter);
  }

  /** Every job of this host with how much of it there is. */
  async overview(): Promise<JobOverview[]> {
    const backlog = await readBacklog(this.#db);
    return [...this.#jobs.values()].map(({ definition: { service, name, summary } }) => ({
      ...(backlog.find((each) => each.service === service && each.job === name) ?? {
        service,
        job: name,
        waiting: 0,
        later: 0,
        running: 0,
        dead: 0,
        age: 0,
      }),
      summary,
    }));
  }

  schedules(): Promise<ScheduleStatus[]> {
    return this.#schedules.list();
  }

  /** Tries a dead job once more, under its id. @throws JobsError `dead_letter_unknown` */
  async replay(id: string): Promise<void> {
    const queue = await replayDead(this.#db, await this.#ready(), id);
    this.#wake(queue);
  }

  /** Deletes a dead job; its runs stay in the history. @throws JobsError `dead_letter_unknown` */
  async discard(id: string): Promise<void> {
    await discardDead(this.#db, await this.#ready(), id);
  }

  /** Gives up runs of hosts that stopped answering. Happens by itself every few seconds. */
  async recover(): Promise<number> {
    return recover(this.#db, await this.#ready());
  }

  #active(service: string, name: string): Active {
    const active = this.#jobs.get(`${service}.${name}`);
    if (!active) throw new JobsError('job_unknown', { detail: `${service}.${name}` });
    return active;
  }

  /** pg-boss, with every queue as declared. */
  async #ready(): Promise<PgBoss> {
    this.#boss ??= startBoss(this.#db, (error) => this.#log?.warn({ err: error }, 'job queue'));
    try {
      const boss = await this.#boss;
      this.#prepared ??= prepareQueues(
        boss,
        [...this.#jobs.values()].map((job) => job.definition),
      );
      await this.#prepared;
      return boss;
    } catch (error) {
      this.#boss = undefined;
      this.#prepared = undefined;
      throw error;
    }
  }

  async #send(tx: Queryable, job: Active, jobs: NewJob[]): Promise<string[]> {
    const { definition } = job;
    for (const { carried } of jobs) checkInput(definition, carried.input);
    if (jobs.length === 0) return [];
    const ids = await insertJobs(tx, await this.#ready(), definition, jobs, this.#clock.now());
    if ('afterCommit' in tx) (tx as Transaction).afterCommit(() => this.#wake(definition.queue));
    return ids;
  }

  async #enqueueTick(tx: Transaction, service: string, spec: ScheduleSpec, tick: Date): Promise<string> {
    const carried: Carried = { input: spec.input ?? {}, cause: null, tick: tick.toISOString() };
    const [id] = await this.#send(tx, this.#active(service, spec.job), [
      { carried, singletonKey: `schedule ${JSON.stringify(spec.input ?? {})}` },
    ]);
    return id!;
  }

  #next(wait: number): void {
    if (this.#state !== 'started') return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error) => this.#log?.warn({ err: error }, 'looking for jobs failed'))
        .finally(() => this.#next(this.#poll));
    }, wait);
  }

  async #look(): Promise<void> {
    await this.#schedules.tick();
    const free = [...this.#jobs.values()].filter((job) => job.running.size < job.definition.concurrency);
    for (const queue of await dueQueues(
      this.#db,
      free.map((job) => job.definition.queue),
    )) {
      this.#wake(queue);
    }
    await this.#upkeep.run(
      await this.#ready(),
      [...this.#jobs.values()].flatMap((job) => [...job.running.values()].map(({ run }) => run)),
    );
  }

  #wake(queue: string): void {
    const job = this.#jobs.get(queue);
    if (job) this.#claim(job);
  }

  #claim(job: Active): void {
    if (this.#state !== 'started') return;
    this.#toClaim.add(job);
    this.#claiming ??= this.#claimAll().finally(() => {
      this.#claiming = undefined;
      // What came between the end of the loop and here.
      for (const each of this.#toClaim) this.#claim(each);
    });
  }

  /** One queue after the other: jobs share the host's few connections with everything else. */
  async #claimAll(): Promise<void> {
    for (const job of this.#toClaim) {
      this.#toClaim.delete(job);
      const free = job.definition.concurrency - job.running.size;
      if (free <= 0 || this.#state !== 'started') continue;
      try {
        const boss = await this.#ready();
        const claimed = await claim(this.#db, boss, job.definition, free);
        job.more = claimed.length === free;
        for (const run of claimed) this.#perform(job, run, boss);
      } catch (error) {
        this.#log?.warn({ err: error, job: job.definition.queue }, 'claiming a job failed');
      }
    }
  }

  #perform(job: Active, run: Claimed, boss: PgBoss): void {
    const done = perform(run, { db: this.#db, boss, log: this.#log, stopping: this.#stopping.signal });
    job.running.set(run.id, { run, done });
    void done.finally(() => {
      job.running.delete(run.id);
      if (job.more) this.#claim(job);
    });
  }
}
