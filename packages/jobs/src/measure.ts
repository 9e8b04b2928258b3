/** Metrics of the backlog. Every host reports the same figures: take their maximum. */
import type { Database } from '@moonbase/data';
import { metrics } from '@moonbase/telemetry';
import { readBacklog } from './history.ts';

const age = metrics.gauge('moonbase_job_age_seconds', 'How long the oldest due job has been waiting', [
  'job',
]);
const waiting = metrics.gauge('moonbase_jobs_waiting', 'Jobs that are due and not yet running', ['job']);
const dead = metrics.gauge('moonbase_jobs_dead', 'Jobs whose retries are used up', ['job']);

export async function measureBacklog(db: Database): Promise<void> {
  const backlog = await readBacklog(db);
  for (const gauge of [age, waiting, dead]) gauge.reset();
  for (const each of backlog) {
    const job = `${each.service}.${each.job}`;
    age.set({ job }, each.age);
    waiting.set({ job }, each.waiting);
    dead.set({ job }, each.dead);
  }
}
