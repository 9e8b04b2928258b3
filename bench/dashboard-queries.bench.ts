/** Every question of the dashboards, and the overview, over five million sales: how long an answer takes over HTTP. */
import { systemClock } from '@moonbase/data';
import { startMoonHost } from './moon-host.ts';
import { fillFigures } from './sale-rate/figures.ts';
import { quantile, report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
const sales = quick ? 20_000 : 5_000_000;
const rounds = quick ? 2 : 7;

const moon = await startMoonHost(['insights:read'], (owner) => fillFigures(owner, sales, systemClock));
const { host, headers, db } = moon;
const ask = async (path: string) => {
  const started = performance.now();
  const answer = await fetch(`${host.url}/api${path}`, { headers });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${body}`);
  return { took: performance.now() - started, body };
};

const { items } = JSON.parse((await ask('/insights')).body) as { items: { name: string }[] };
const branch = await db.query<{ id: string }>(
  'SELECT branch_id AS id FROM insights.days WHERE level = 4 LIMIT 1',
);
const variants = {
  'as the page opens': '',
  'over all time': '?from=2000-01-01',
  'of one branch, over all time': `?from=2000-01-01&branch=${branch.rows[0]!.id}`,
};
const medians: Record<string, number[]> = {};
const slowest = { name: '', took: 0 };
let worst = 0;
for (const [variant, query] of Object.entries(variants)) {
  const paths = items.map(({ name }) => `/insights/${name}${query}`);
  if (query === '') paths.push('/overview');
  medians[variant] = [];
  for (const path of paths) {
    await ask(path);
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) took.push((await ask(path)).took);
    took.sort((one, other) => one - other);
    const median = quantile(took, 0.5);
    medians[variant].push(median);
    worst = Math.max(worst, took.at(-1)!);
    if (median > slowest.took) Object.assign(slowest, { name: path, took: median });
  }
}
const cells = await db.query<{ cells: number }>('SELECT count(*) AS cells FROM insights.days');
await moon.stop();

report('dashboard-queries', [
  {
    claim: `Answers to ${items.length} questions and the overview, ${sales.toLocaleString('en')} sales: medians of each`,
    unit: 'ms',
    figures: Object.fromEntries(
      Object.entries(medians).map(([variant, figures]) => [variant, spread(figures)]),
    ),
    goal: 'every one under 100 ms',
    met: slowest.took < 100,
    notes: [
      `slowest: ${slowest.name}, ${slowest.took.toFixed(1)} ms; the longest single answer took ${worst.toFixed(1)} ms`,
      `${cells.rows[0]!.cells} cells of days: 40 branches, 120 teams, 25 products, 1,500 agents, two years`,
    ],
  },
]);
