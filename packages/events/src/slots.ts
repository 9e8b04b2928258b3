/**
 * Slots: every key belongs to one of 64, by a hash; a consumer with n lanes has slot s in lane s % n.
 * The hash is stored with the event: it must never change.
 */
export const SLOTS = 64;

/** The slot of a key: FNV-1a over its UTF-16 code units, mixed (the end of MurmurHash3). */
export function slotOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash & (SLOTS - 1);
}
