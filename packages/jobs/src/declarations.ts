/** Jobs and schedules as they are declared, and as they are kept here. */
import { JobsError } from './errors.ts';

export interface JobSpec {
  /** What it does, in a line for the jobs page. */
  summary: string;
  /** Its input's schema. */
  input: { parse(value: unknown): unknown };
  /** Attempts after the first; 5 unless said. */
  retries?: number;
  /** Seconds before the first retry, doubled each time; 5 unless said, 0 for at once. */
  retryDelay?: number;
  /** Seconds one attempt may take; 900 unless said. */
  timeout?: number;
  /** Runs of it side by side in one host; 2 unless said. */
  concurrency?: number;
}

export interface Run {
  /** Stays the same over all attempts: the idempotency key for whatever it calls. */
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: its type is that of the declaration's schema, which parsed it.
  input: any;
  /** From 1. */
  attempt: number;
  /** Aborted when the host stops or the job's time is up. */
  signal: AbortSignal;
  /** Shown on the jobs page; written at most twice a second. */
  progress(done: number, total: number): Promise<void>;
}

/** What a job reports when it ends. */
export type RunResult = { counts?: Record<string, number> } | undefined;

export type Handle = (run: Run) => Promise<RunResult>;

export interface Definition {
  service: string;
  name: string;
  /** Of pg-boss: `<service>.<name>`. */
  queue: string;
  summary: string;
  input: JobSpec['input'];
  handle: Handle;
  retries: number;
  retryDelay: number;
  timeout: number;
  concurrency: number;
}

export function define(service: string, name: string, spec: JobSpec, handle: Handle): Definition {
  return {
    service,
    name,
    queue: `${service}.${name}`,
    summary: spec.summary,
    input: spec.input,
    handle,
    retries: spec.retries ?? 5,
    retryDelay: spec.retryDelay ?? 5,
    timeout: spec.timeout ?? 900,
    concurrency: spec.concurrency ?? 2,
  };
}

/** Checks an input before it is kept. @throws JobsError `input_invalid` */
export function checkInput(definition: Definition, input: unknown): void {
  try {
    definition.input.parse(input);
  } catch (cause) {
    throw new JobsError('input_invalid', {
      detail: `${definition.queue}: ${(cause as Error).message}`,
      cause,
    });
  }
}

/** Cron and zone of a schedule. */
export interface Timing {
  /** Five fields, minutes first. */
  cron: string;
  /** IANA name. */
  zone: string;
}

export interface ScheduleSpec {
  cron: string;
  /** The zone given to the constructor unless said. */
  zone?: string;
  /** Name of a job of the same service. */
  job: string;
  input?: unknown;
  /** What overrides cron and zone at this moment, if anything does: a setting. */
  override?: () => Promise<Partial<Timing> | undefined>;
}
