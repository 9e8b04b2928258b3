import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { darkChart, lightChart } from './palette.ts';
import { theme } from './theme.ts';

type Rgb = [number, number, number];

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const linear = (part: number) =>
  part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;

/** Relative luminance, as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = rgb(hex).map(linear) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

async function tokens(): Promise<Record<'light' | 'dark', Record<string, string>>> {
  const css = await readFile(new URL('tokens.css', import.meta.url), 'utf8');
  const [light = '', dark = ''] = css.split(':root[data-mantine-color-scheme="dark"]');
  const read = (text: string) =>
    Object.fromEntries([...text.matchAll(/--mb-([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
  return { light: read(light), dark: read(dark) };
}

describe.each(['light', 'dark'] as const)('in %s colours', (scheme) => {
  it('every text can be read on every ground it stands on (4.5:1)', async () => {
    const colours = (await tokens())[scheme];
    const pairs = [
      ...['canvas', 'surface', 'sunken', 'hover'].flatMap((ground) =>
        ['ink', 'ink-2', 'ink-3', 'accent-ink'].map((ink) => [ink, ground]),
      ),
      ...['ink', 'ink-2'].map((ink) => [ink, 'active']),
      ...['good', 'warn', 'bad', 'info'].flatMap((tone) => [
        [tone, 'surface'],
        [tone, `${tone}-soft`],
      ]),
      ['accent-ink', 'accent-soft'],
    ] as [string, string][];
    const poor = pairs
      .map(([ink, ground]) => ({ ink, ground, ratio: contrast(colours[ink]!, colours[ground]!) }))
      .filter(({ ratio }) => ratio < 4.5);
    expect(poor).toEqual([]);
  });
});

it('white on the buttons can be read (4.5:1)', () => {
  const { moon, red } = theme.colors as unknown as Record<string, string[]>;
  for (const shades of [moon, red]) expect(contrast('#ffffff', shades![6]!)).toBeGreaterThan(4.5);
});

/** How a colour looks to people without one kind of cone (Viénot, Brettel and Mollon 1999, linear RGB). */
const seen: Record<string, (c: Rgb) => Rgb> = {
  'all cones': (c) => c,
  'no red cones': ([r, g, b]) => [
    0.11238 * r + 0.88762 * g,
    0.11238 * r + 0.88762 * g,
    0.00401 * r - 0.00401 * g + b,
  ],
  'no green cones': ([r, g, b]) => [
    0.29275 * r + 0.70725 * g,
    0.29275 * r + 0.70725 * g,
    -0.02234 * r + 0.02234 * g + b,
  ],
};

/** CIELAB of linear RGB, for distances as people see them. */
function lab([r, g, b]: Rgb): Rgb {
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883;
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each([
  ['light', lightChart],
  ['dark', darkChart],
] as const)('charts in %s colours', (_, { series, surface }) => {
  it.each(Object.keys(seen))('have five series that can be told apart with %s', (kind) => {
    const points = series.slice(0, 5).map((hex) => lab(seen[kind]!(rgb(hex).map(linear) as Rgb)));
    const close = points.flatMap((a, i) =>
      points
        .slice(i + 1)
        .flatMap((b, j) => (distance(a, b) < 12 ? [[series[i], series[i + 1 + j], distance(a, b)]] : [])),
    );
    expect(close).toEqual([]);
  });

  it('stand out from the ground (3:1 for the first three)', () => {
    for (const colour of series.slice(0, 3)) expect(contrast(colour, surface)).toBeGreaterThan(3);
  });
});
