/** What went wrong lately on this host: for the Status page. */
import { failedRequests } from '@moonbase/http';
import type { Host } from './host.ts';

export interface RecentError {
  at: Date;
  service: string;
  code: string;
  where: string;
  message: string;
  requestId: string | null;
}

const SHOWN = 50;

/** The latest first. */
export async function recentErrors(host: Host): Promise<RecentError[]> {
  const [failed, dead, parked] = await Promise.all([
    host.jobs.runs({ state: 'failed', limit: SHOWN }),
    host.jobs.runs({ state: 'dead', limit: SHOWN }),
    host.events.parked(),
  ]);
  const errors: RecentError[] = [
    ...failedRequests.map(({ at, service, route, code, message, requestId }) => ({
      at,
      service,
      code,
      where: `route ${route}`,
      message,
      requestId,
    })),
    ...[...failed, ...dead].map((run) => ({
      at: run.endedAt ?? run.startedAt,
      service: run.service,
      code: run.state === 'dead' ? 'job_dead' : 'job_failed',
      where: `job ${run.job}`,
      message: run.error ?? '',
      requestId: null,
    })),
    ...parked.map((key) => ({
      at: key.parkedAt,
      service: key.consumer.split('.', 1)[0]!,
      code: 'event_parked',
      where: `reaction ${key.consumer}`,
      message: key.error,
      requestId: null,
    })),
  ];
  return errors.sort((one, other) => other.at.getTime() - one.at.getTime()).slice(0, SHOWN);
}
