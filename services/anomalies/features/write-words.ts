/** Figures as a reason tells them. */

/** `250,000.00`: exact, at least two decimals. */
export function writeAmount(value: string): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const decimals = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`;
}

/** `14 times`, `2.5 times`; below one: `a 20th of`. */
export function writeTimes(ratio: number): string {
  if (ratio >= 10) return `${Math.round(ratio)} times`;
  if (ratio >= 1) return `${Number(ratio.toFixed(1))} times`;
  const part = Math.round(1 / ratio);
  return part <= 2 ? 'half of' : `1/${part} of`;
}

/** `none`, `0.04`, `0.4`, `3`, `12`: as many decimals as tell something. */
export function writeRate(rate: number): string {
  if (rate < 0.005) return 'none';
  return rate >= 10 ? String(Math.round(rate)) : String(Number(rate.toFixed(rate < 0.1 ? 2 : 1)));
}

/** `12 Mar 2026` */
export function writeDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`));
}

const days = new Map<string, Intl.DateTimeFormat>();

/** The calendar day in a zone, and the hour. */
export function localTime(zone: string, at: Date): { day: string; hour: number; minute: string } {
  let format = days.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    });
    days.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    hour: Number(parts.hour),
    minute: `${parts.hour}:${parts.minute}`,
  };
}
