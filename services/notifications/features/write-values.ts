/** Values as a text tells them. Exact: amounts are decimal strings and never pass through a float. */

/** `LKR 2,512,000`, or `LKR 2,512,000.50`; `37 sales` where sales are counted. */
export function writeAmount(value: string, measure: 'amount' | 'count', currency: string | null): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  if (measure === 'count') return `${grouped} ${grouped === '1' ? 'sale' : 'sales'}`;
  const cents = fraction.replace(/0+$/, '');
  const amount = cents === '' ? grouped : `${grouped}.${cents.padEnd(2, '0')}`;
  return currency ? `${currency} ${amount}` : amount;
}

/** `24 Mar 2026` */
export function writeDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`));
}

/** `80 %` */
export function writePercent(percent: number): string {
  return `${percent} %`;
}
