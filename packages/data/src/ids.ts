import { randomBytes } from 'node:crypto';

/** Ids of one millisecond count up, so that they sort in the order in which they were made. */
const COUNT_BITS = 26;

let millisecond = 0;
let count = 0;
// Random bytes come from a pool: a call of its own for each id costs more than all the rest.
let pool = '';
let used = 0;

/** A new id: a UUIDv7, which sorts by the time it was made, and within a process by the order, too. */
export function newId(): string {
  const now = Date.now();
  if (now > millisecond) {
    millisecond = now;
    // Half of the range stays free to count up.
    count = Number.parseInt(random(7), 16) >>> 3;
  } else {
    count += 1;
    if (count >= 2 ** COUNT_BITS) {
      millisecond += 1;
      count = 0;
    }
  }
  const time = millisecond.toString(16).padStart(12, '0');
  const high = (0x7000 | (count >>> 14)).toString(16);
  const low = (0x8000 | (count & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${high}-${low}-${random(12)}`;
}

/** @param digits hexadecimal ones */
function random(digits: number): string {
  if (used + digits > pool.length) {
    pool = randomBytes(4_096).toString('hex');
    used = 0;
  }
  used += digits;
  return pool.slice(used - digits, used);
}
