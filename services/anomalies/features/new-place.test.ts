import { expect, test } from 'vitest';
import { browserFamily, digestOf, judgePlace, networkOf } from './new-place.ts';

const key = Buffer.from('a key of the test');
const place = (address: string, browser: string, secondFactor = false, at = '2026-03-10T08:00:00Z') => ({
  network: digestOf(key, 'ann', networkOf(address)),
  browser: digestOf(key, 'ann', browserFamily(browser)),
  secondFactor,
  at: new Date(at),
});
const office = { ...place('203.0.113.7', 'Firefox/140'), firstSeen: new Date('2026-01-01T08:00:00Z') };

test('a network is a /24 or a /48, however the address is written', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.0/24');
  expect(networkOf('::ffff:203.0.113.99')).toBe('203.0.113.0/24');
  expect(networkOf('2001:db8:1:2::1')).toBe('2001:db8:1::/48');
  expect(networkOf('2001:0db8:0001::ffff')).toBe('2001:db8:1::/48');
  expect(networkOf('::1')).toBe('0:0:0::/48');
});

test('a browser is its family, whichever version', () => {
  expect(browserFamily('Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/141 Safari/537.36')).toBe('Chrome');
  expect(browserFamily('Mozilla/5.0 Chrome/141 Safari/537.36 Edg/141')).toBe('Edge');
  expect(browserFamily('curl/8.9')).toBe('another client');
  expect(browserFamily(null)).toBe('another client');
});

test('the first sign-in ever and a known place are nothing', () => {
  expect(judgePlace(place('203.0.113.7', 'Firefox/140'), [])).toBeUndefined();
  expect(judgePlace(place('203.0.113.200', 'Firefox/141'), [office])).toBeUndefined();
});

test('a new network and browser score the most, a second factor takes off', () => {
  const score = (...of: Parameters<typeof place>) => judgePlace(place(...of), [office])!.score;
  expect(score('45.1.1.1', 'curl/8.9')).toBe(5);
  expect(score('45.1.1.1', 'curl/8.9', true)).toBe(4);
  expect(score('45.1.1.1', 'Firefox/140')).toBe(4);
  expect(score('203.0.113.7', 'curl/8.9')).toBe(2.5);
});

test('who travels, and who is new here, is not told of every hotel', () => {
  const hotels = [1, 2, 3, 4].map((n) => ({
    ...place(`192.0.${n}.1`, 'Firefox/140'),
    firstSeen: new Date('2026-03-05T08:00:00Z'),
  }));
  expect(judgePlace(place('45.1.1.1', 'Firefox/140'), [office, ...hotels])!.score).toBe(2.5);
  expect(judgePlace(place('45.1.1.1', 'Firefox/140', false, '2026-01-09T08:00:00Z'), [office])!.score).toBe(
    2,
  );
});

test('digests of one place differ between people', () => {
  expect(digestOf(key, 'ann', 'x').equals(digestOf(key, 'bob', 'x'))).toBe(false);
});
