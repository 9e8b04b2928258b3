/** Performs one claimed job: its context, its time limit, its progress, its outcome. */
import type { Database } from '@moonbase/data';
import { childrenOf, type Logger, loggableError, metrics, withContext } from '@moonbase/telemetry';
import type { PgBoss } from 'pg-boss';
import { type Claimed, type Outcome, settle } from './claim.ts';
import { JobsError } from './errors.ts';
import { progressWriter } from './progress.ts';

const runs = childrenOf(
  metrics.counter('moonbase_job_runs_total', 'Runs of jobs by how they ended', ['job', 'state']),
);
const seconds = childrenOf(
  metrics.histogram(
    'moonbase_job_run_seconds',
    'How long runs of jobs take',
    ['job'],
    [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600],
  ),
);

export interface Surroundings {
  db: Database;
  boss: PgBoss;
  log: Logger | undefined;
  /** Aborted when the host stops. */
  stopping: AbortSignal;
}

/** Resolves once the outcome is in the database, or given up on: then another host recovers the job. */
export async function perform(run: Claimed, around: Surroundings): Promise<void> {
  const started = performance.now();
  const outcome = await outcomeOf(run, around);
  const job = run.definition.queue;
  seconds(job).observe((performance.now() - started) / 1000);
  try {
    const state = await settlePersistently(run, outcome, around);
    runs(job, state).inc();
    if (outcome.state === 'failed') {
      around.log?.[state === 'dead' ? 'error' : 'warn'](
        { job, id: run.id, attempt: run.attempt, reason: outcome.error },
        state === 'dead' ? 'job is dead' : 'job failed',
      );
    }
  } catch (error) {
    around.log?.error({ err: error, job, id: run.id }, 'outcome of a job could not be written down');
  }
}

async function outcomeOf(run: Claimed, { db, stopping }: Surroundings): Promise<Outcome> {
  const { definition, id, attempt, carried } = run;
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(new JobsError('timed_out')), definition.timeout * 1000);
  const progress = progressWriter(db, id, attempt);
  try {
    const work = withContext(
      { actor: 'system', cause: carried.cause, traceId: carried.trace, requestId: undefined },
      async () =>
        definition.handle({
          id,
          attempt,
          input: definition.input.parse(carried.input),
          signal: AbortSignal.any([timeUp.signal, stopping]),
          progress: progress.write,
        }),
    );
    const result = await Promise.race([work, rejection(timeUp.signal)]);
    return { state: 'succeeded', counts: result?.counts };
  } catch (error) {
    // Whatever a job throws while its host stops, the stop may be why: another host tries again.
    if (stopping.aborted && !timeUp.signal.aborted) return { state: 'released' };
    return { state: 'failed', error: messageOf(error) };
  } finally {
    clearTimeout(timer);
    await progress.flush().catch(() => {});
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What a log may say of it: PostgreSQL quotes the value at fault.
  return (loggableError(error) as { message: string }).message || error.name;
}

/** A database that is away for a moment must not turn done work into work to be repeated. */
async function settlePersistently(run: Claimed, outcome: Outcome, around: Surroundings): Promise<string> {
  for (let wait = 250; ; wait *= 2) {
    try {
      return await settle(around.db, around.boss, run, outcome);
    } catch (error) {
      if (wait > 16_000 || around.stopping.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
