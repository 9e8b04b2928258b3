/**
 * Where webhooks may go: public addresses only, unless the setting allows others, so that nobody reaches
 * into the network behind this machine with one. Names are judged by what they resolve to at the moment of
 * connecting, since they can be made to point elsewhere after a check.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const blocked = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  blocked.addSubnet(network, bits, 'ipv4');
// Of version 6 only global unicast is public; the ranges below lie inside it or embed version 4.
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001:db8::', 32],
  ['2001::', 32],
  ['2002::', 16],
] as const)
  blocked.addSubnet(network, bits, 'ipv6');

/** Whether an IP address (no name) is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !blocked.check(address, 'ipv4');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isPublicAddress(mapped);
  return version === 6 && global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
}

export class AddressRefused extends Error {
  constructor(address: string) {
    super(`Webhooks may not go to ${address}: it is not a public address.`);
  }
}

/** For `http.request`: resolves a name and refuses it when any of its addresses is not public. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error || !first) return callback(error ?? new Error(`${hostname} has no address.`), '', 4);
    const refused = addresses.find((each) => !isPublicAddress(each.address));
    if (refused) return callback(new AddressRefused(hostname), '', 4);
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** Refuses an address that is written as a number; names are judged by {@link publicLookup}. @throws AddressRefused */
export function checkHost(hostname: string): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if ((isIP(address) && !isPublicAddress(address)) || /(^|\.)localhost\.?$/i.test(address))
    throw new AddressRefused(address);
}
