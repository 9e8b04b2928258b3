const browsers: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** «Firefox on Linux» of a `User-Agent`; its first word where it is none of the known. */
export function browserName(userAgent: string): string {
  const name = (known: readonly [RegExp, string][]) =>
    known.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = name(browsers) ?? userAgent.split(/[\s/]/, 1)[0]!;
  const system = name(systems);
  return system ? `${browser} on ${system}` : browser;
}
