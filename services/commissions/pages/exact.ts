/** Exact sums on pages: decimal strings outside, whole ten-thousandths (bigint) inside. Never floats. */

/** `"548.97"` → `5489700n` */
export function toUnits(decimal: string): bigint {
  const negative = decimal.startsWith('-');
  const [whole = '0', part = ''] = (negative ? decimal.slice(1) : decimal).split('.');
  const units = BigInt(whole + part.padEnd(4, '0'));
  return negative ? -units : units;
}

/** `5489700n` → `"548.9700"` */
export function fromUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(5, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** `"7.5000"` → `"7.5"` */
export function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
