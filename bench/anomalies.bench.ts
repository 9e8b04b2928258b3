/**
 * How well anomalies are found: a made-up year with labelled anomalies, the detectors as the service runs them
 * against mean and three standard deviations, and what looking at one sale costs in the database.
 */
import { detectors } from '../services/anomalies/features/detectors.ts';
import { judgeHour, withExport } from '../services/anomalies/features/export-out-of-hours.ts';
import { type Finding, worthFlagging } from '../services/anomalies/features/flag-anomalies.ts';
import { lookAtSales } from '../services/anomalies/features/look-at-sales.ts';
import {
  browserFamily,
  digestOf,
  judgePlace,
  type KnownPlace,
  networkOf,
} from '../services/anomalies/features/new-place.ts';
import { Statistics } from '../services/anomalies/features/statistics.ts';
import { Thresholds } from '../services/anomalies/features/thresholds.ts';
import type { DetectorName } from '../services/anomalies/schema.ts';
import { businessHoursSetting } from '../services/anomalies/settings.ts';
import { makeYear, type Year } from './anomalies/made-up-year.ts';
import { findNaively } from './anomalies/naive.ts';
import { reactionRate } from './anomalies/reaction-rate.ts';
import { type Finding as Claim, report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
// Thresholds were chosen on the years 1 to 5: these are others.
const seeds = quick ? [11] : [11, 12, 13, 14, 15];
const [agents, days] = quick ? [40, 150] : [120, 365];

type Found = Record<string, Set<string>>;

/** As the service finds them; thresholds as they begin. */
function find(year: Year): Found {
  const findings: Finding[] = lookAtSales(year.sales, new Statistics(), 'UTC');
  const places = new Map<string, KnownPlace[]>();
  const key = Buffer.from('bench');
  const found: Found = Object.fromEntries(Object.keys(detectors).map((name) => [name, new Set<string>()]));
  for (const { detector, thing } of worthFlagging(findings, new Thresholds())) found[detector]!.add(thing);
  for (const { payload, occurredAt } of year.signIns) {
    const known = places.get(payload.personId) ?? [];
    const network = digestOf(key, payload.personId, networkOf(payload.place!));
    const browser = digestOf(key, payload.personId, browserFamily(payload.browser));
    const place = { network, browser, secondFactor: payload.secondFactor, at: occurredAt };
    const seen = judgePlace(place, known);
    if (seen && seen.score >= detectors['new-place'].threshold) found['new-place']!.add(payload.sessionId);
    if (!known.some((each) => each.network.equals(network) && each.browser.equals(browser)))
      known.push({ network, browser, firstSeen: occurredAt });
    places.set(payload.personId, known);
  }
  const habits = new Map<string, number[]>();
  const business = businessHoursSetting.default;
  for (const { payload, occurredAt } of year.exports) {
    const actor = `person:${payload.personId}`;
    const at = { day: occurredAt.toISOString().slice(0, 10), hour: occurredAt.getUTCHours() };
    const seen = judgeHour(at, business, habits.get(actor) ?? []);
    if (seen && seen.score >= detectors['export-out-of-hours'].threshold)
      found['export-out-of-hours']!.add(`${actor} ${at.day}`);
    habits.set(actor, withExport(habits.get(actor) ?? [], at, business));
  }
  return found;
}

interface Quality {
  precision: number;
  recall: number;
  falseAlarms: number;
}

function qualityOf(found: Found, year: Year, names: readonly string[]): Quality {
  let [right, wrong, missed] = [0, 0, 0];
  for (const name of names) {
    for (const thing of found[name]!)
      if (year.labels[name]!.has(thing)) right += 1;
      else wrong += 1;
    for (const thing of year.labels[name]!) if (!found[name]!.has(thing)) missed += 1;
  }
  return {
    precision: right + wrong === 0 ? 1 : right / (right + wrong),
    recall: right + missed === 0 ? 1 : right / (right + missed),
    falseAlarms: (wrong / year.saleCount) * 1000,
  };
}

const names = Object.keys(detectors) as DetectorName[];
const years = seeds.map((seed) => makeYear(seed, agents, days));
const ours = years.map(find);
const peers = years.map(findNaively);
const claims: Claim[] = [];
const views: { what: string; of: readonly string[] }[] = [
  ...names.map((name) => ({ what: detectors[name].title, of: [name] })),
  { what: 'All together', of: names },
];
for (const { what, of } of views) {
  const mine = ours.map((found, at) => qualityOf(found, years[at]!, of));
  const naive = peers.map((found, at) => qualityOf(found, years[at]!, of));
  const figure = (from: readonly Quality[], key: keyof Quality) => spread(from.map((each) => each[key]));
  const good =
    figure(mine, 'precision').median >= 0.8 &&
    figure(mine, 'recall').median >= 0.8 &&
    figure(mine, 'falseAlarms').median < 2;
  const labelled = years.map((year) => of.reduce((sum, name) => sum + year.labels[name]!.size, 0));
  claims.push({
    claim: `${what}: precision, recall, false alarms per 1,000 sales (about ${spread(labelled).median} anomalies among ${Math.round(spread(years.map((year) => year.saleCount)).median / 1000)},000 sales)`,
    unit: '',
    figures: {
      'moonbase, precision': figure(mine, 'precision'),
      'moonbase, recall': figure(mine, 'recall'),
      'moonbase, false alarms': figure(mine, 'falseAlarms'),
      'mean + 3 sd, precision': figure(naive, 'precision'),
      'mean + 3 sd, recall': figure(naive, 'recall'),
      'mean + 3 sd, false alarms': figure(naive, 'falseAlarms'),
    },
    goal: 'precision and recall at least 0.8, fewer than 2 false alarms',
    met: good,
  });
}
const cost = await reactionRate(years[0]!, quick ? 1_000 : 20_000);
claims.push({
  claim: 'Looking at one sale, in batches of 500, statistics read and written in PostgreSQL',
  unit: 'µs',
  figures: { moonbase: spread(cost) },
  goal: 'under 500 µs a sale',
  met: spread(cost).median < 500,
});
report('anomalies', claims);
