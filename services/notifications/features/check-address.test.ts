import { expect, test } from 'vitest';
import { AddressRefused, checkHost, isPublicAddress, publicLookup } from './check-address.ts';

test.each([
  ...['127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
  ...['0.0.0.0', '100.64.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1'],
  ...['::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1'],
  ...['2001:db8::1', '2002:7f00:1::', '64:ff9b::7f00:1', 'localhost', ''],
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]', 'localhost', 'LOCALHOST', 'db.localhost', 'localhost.'])(
  'the host %s is refused before it is connected to',
  (host) => {
    expect(() => checkHost(host)).toThrow(AddressRefused);
  },
);

test('ways of writing 127.0.0.1 that URLs understand are refused', () => {
  for (const written of ['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.1/'])
    expect(() => checkHost(new URL(written).hostname)).toThrow(AddressRefused);
});

test('a name is judged by what it resolves to', async () => {
  const error = await new Promise((resolve) => {
    publicLookup('localhost', {}, (failure) => resolve(failure));
  });
  expect(error).toBeInstanceOf(AddressRefused);
});
