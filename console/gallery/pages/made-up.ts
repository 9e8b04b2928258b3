/** Numbers for the gallery's pictures. */
export const branches = ['North', 'Harbour', 'Old Town', 'Riverside', 'Hill Station'];

const wave = (place: number, seed: number) =>
  Math.round(
    9_000 + 3_200 * Math.sin(place / 2.4 + seed) + 900 * Math.cos(place * 1.7 + seed * 3) + place * 120,
  );

export const days = Array.from({ length: 30 }, (_, place) => {
  const day = new Date(Date.UTC(2026, 9, 20 + place)).toISOString().slice(0, 10);
  return { day, total: wave(place, 0), before: wave(place, 1.9) };
});

export const months = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'].flatMap(
  (month, place) =>
    branches.map((branch, index) => ({
      month: `${month}-01`,
      branch,
      total: wave(place * 3, index) * (1.4 - index * 0.18),
    })),
);

export const products = [
  { product: 'Motor Comprehensive', total: 182_400, goal: 160_000 },
  { product: 'Family Health', total: 141_250, goal: 150_000 },
  { product: 'Term Life', total: 96_800, goal: 90_000 },
  { product: 'Home & Contents', total: 61_300, goal: 80_000 },
  { product: 'Travel Plus', total: 22_950, goal: 30_000 },
];

export const hours = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].flatMap((day, y) =>
  Array.from({ length: 12 }, (_, x) => ({
    day,
    hour: `${String(8 + x).padStart(2, '0')}:00`,
    count: Math.max(
      0,
      Math.round(24 + 20 * Math.sin((x - 2) / 2) - (y > 4 ? 22 : 0) + ((x * 7 + y * 5) % 9)),
    ),
  })),
);

export const deliveries = [
  { status: 'Sent', count: 1_842 },
  { status: 'Pending', count: 214 },
  { status: 'Failed', count: 57 },
];
