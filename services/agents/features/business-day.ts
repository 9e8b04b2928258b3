import type { ServiceContext } from '@moonbase/service';

/** The day that an instant falls on in a zone (IANA), as `YYYY-MM-DD`. */
export function businessDay(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)!.value;
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** Today in the organisation's zone. */
export async function todayOf(context: ServiceContext): Promise<string> {
  return businessDay(context.clock.now(), (await context.organisation()).zone);
}
