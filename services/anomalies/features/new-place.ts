/**
 * A sign-in from a place that the person has not signed in from before.
 *
 * A place is a network (/24 of IPv4, /48 of IPv6) and a browser's family. Only keyed digests of both are kept:
 * under the installation's secret, and different for every person. Rule: the first sign-in ever is none; a known
 * place is none; otherwise a new network with a known browser scores 4, with a new browser 5, a new browser in a
 * known network 2.5. A second factor takes 1 off, each other new place of the last thirty days 0.5 (up to 1.5): who
 * travels is not told of every hotel. In the first two weeks, while office and home become known, 2 are taken off.
 */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';

export interface KnownPlace {
  network: Buffer;
  browser: Buffer;
  firstSeen: Date;
}

const RECENT = 30 * 86_400_000;
const FIRST_WEEKS = 14 * 86_400_000;

/** The network of an address as text: `203.0.113.0/24`, `2001:db8:1::/48`. */
export function networkOf(place: string): string {
  const address = place.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = address.toLowerCase().split('::');
  const parts = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    parts.push(...Array<string>(Math.max(0, 8 - parts.length - rest.length)).fill('0'), ...rest);
  }
  return `${parts
    .slice(0, 3)
    .map((part) => Number.parseInt(part || '0', 16).toString(16))
    .join(':')}::/48`;
}

/** The family of a browser, whichever version: `Firefox`. */
export function browserFamily(browser: string | null): string {
  const text = browser ?? '';
  for (const [family, pattern] of [
    ['Edge', /\bEdg(e|A|iOS)?\b/i],
    ['Opera', /\b(OPR|Opera)\b/i],
    ['Samsung Internet', /SamsungBrowser/i],
    ['Firefox', /\b(Firefox|FxiOS)\b/i],
    ['Chrome', /\b(Chrome|CriOS|Chromium|HeadlessChrome)\b/i],
    ['Safari', /\bSafari\b/i],
  ] as const)
    if (pattern.test(text)) return family;
  return 'another client';
}

/** What is kept of a place instead of it. */
export function digestOf(key: Buffer, personId: string, part: string): Buffer {
  return createHmac('sha256', key).update(`${personId} ${part}`).digest();
}

/** @returns nothing where the place is known or nothing is known yet */
export function judgePlace(
  place: { network: Buffer; browser: Buffer; secondFactor: boolean; at: Date },
  known: readonly KnownPlace[],
): { score: number; what: string; lately: number } | undefined {
  if (known.length === 0) return undefined;
  const network = known.some((each) => each.network.equals(place.network));
  const browser = known.some((each) => each.browser.equals(place.browser));
  if (known.some((each) => each.network.equals(place.network) && each.browser.equals(place.browser)))
    return undefined;
  if (network && browser) return undefined;
  const [oldest] = known.toSorted((one, other) => one.firstSeen.getTime() - other.firstSeen.getTime());
  const lately = known.filter(
    (each) => each !== oldest && place.at.getTime() - each.firstSeen.getTime() < RECENT,
  ).length;
  const base = network ? 2.5 : browser ? 4 : 5;
  const early = place.at.getTime() - oldest!.firstSeen.getTime() < FIRST_WEEKS;
  const score = base - (place.secondFactor ? 1 : 0) - Math.min(1.5, lately * 0.5) - (early ? 2 : 0);
  const what = network
    ? 'a browser not used before, in a known network'
    : browser
      ? 'a network not used before, with a known browser'
      : 'a network and a browser not used before';
  return { score, what, lately };
}
