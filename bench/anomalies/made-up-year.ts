/**
 * A year of made-up events of an insurer, the same for the same seed, with anomalies put in and labelled.
 *
 * What makes it hard is in it on purpose: amounts with a heavy tail (log-normal, and now and then a large policy
 * that is nothing wrong), seasons and weekdays, ten to forty per cent of growth, agents who begin during the year
 * or sell little, busy days, people who travel, change browsers and work late.
 */
import type { Event } from '@moonbase/events';
import type { saleRecorded } from '@moonbase/sales/events.ts';
import type { SalesEvent } from '../../services/anomalies/features/look-at-sales.ts';
import type { Export } from '../../services/anomalies/features/watch-exports.ts';
import type { SignIn } from '../../services/anomalies/features/watch-sign-ins.ts';

type Facts = Event<typeof saleRecorded>['payload']['after'];

export interface Year {
  sales: SalesEvent[];
  signIns: SignIn[];
  exports: Export[];
  /** By detector: the things that are anomalies, as the detector names them. */
  labels: Record<string, Set<string>>;
  /** Every thing of a kind that could have been flagged. */
  saleCount: number;
}

const START = Date.parse('2025-01-01T00:00:00Z');
const DAY = 86_400_000;
const PRODUCTS = [
  { premium: 27_500, sigma: 0.45, weight: 9 },
  { premium: 13_500, sigma: 0.5, weight: 12 },
  { premium: 15_200, sigma: 0.4, weight: 21 },
  { premium: 3_900, sigma: 0.35, weight: 24 },
  { premium: 11_800, sigma: 0.5, weight: 19 },
  { premium: 8_700, sigma: 0.45, weight: 13 },
];

export function makeYear(seed: number, agents: number, days: number): Year {
  const random = randomOf(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const poisson = (rate: number) => {
    let [count, left] = [0, Math.exp(-rate)];
    for (let product = random(); product > left; product *= random()) count += 1;
    return count;
  };
  const labels: Year['labels'] = Object.fromEntries(
    ['unusual-amount', 'unusual-count', 'cancellation-burst', 'new-place', 'export-out-of-hours'].map(
      (name) => [name, new Set<string>()],
    ),
  );
  const uuid = (kind: number, n: number) =>
    `0000${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  const people = Array.from({ length: agents }, (_, n) => ({
    id: uuid(1, n),
    branchId: uuid(2, n % 6),
    teamId: uuid(3, n % 20),
    // Few sell much, many little; a fifth begins during the year.
    rate: 0.25 + 2.2 * random() ** 2,
    scale: Math.exp(0.3 * normal()),
    growth: 0.1 + 0.3 * random(),
    begins: random() < 0.2 ? Math.floor(random() * days * 0.7) : 0,
    cancels: 0.004 + 0.012 * random(),
    // Everybody sells a few products well.
    products: PRODUCTS.map((_, at) => at).filter(() => random() < 0.6),
  }));
  const sales: SalesEvent[] = [];
  const recorded: Facts[] = [];
  let number = 0;
  const event = (type: string, payload: object, at: number) =>
    ({ type, payload, occurredAt: new Date(at) }) as unknown as SalesEvent;
  for (let day = 0; day < days; day += 1) {
    const date = new Date(START + day * DAY);
    const text = date.toISOString().slice(0, 10);
    const weekday = [0.3, 1.1, 1, 1, 1.05, 1.2, 0.7][date.getUTCDay()]!;
    const season = 1 + 0.2 * Math.cos((day / 365) * 4 * Math.PI);
    const today: SalesEvent[] = [];
    const ofToday: Facts[] = [];
    for (const agent of people) {
      if (day < agent.begins) continue;
      const growth = 1 + agent.growth * (day / days);
      // Some days are busy for no bad reason.
      let count = poisson(agent.rate * weekday * season * growth * Math.exp(0.25 * normal()));
      const settled = day - agent.begins > 45;
      if (settled && random() < 0.0012) {
        count = Math.max(9, Math.round(agent.rate * 8)) + Math.floor(random() * 5);
        labels['unusual-count']!.add(`${agent.id} ${text}`);
      }
      for (let n = 0; n < count; n += 1) {
        const at =
          agent.products.length > 0 ? agent.products[Math.floor(random() * agent.products.length)]! : 3;
        const product = PRODUCTS[at]!;
        const wide = random() < 0.01 ? 2 : 1;
        let amount = product.premium * agent.scale * growth * Math.exp(product.sigma * wide * normal());
        const saleId = uuid(4, number);
        number += 1;
        if (day > 20 && random() < 0.002) {
          // Mistyped or made up: a digit too many, or a policy that is worth next to nothing.
          amount = random() < 0.75 ? amount * (10 + 15 * random()) : amount / (12 + 20 * random());
          labels['unusual-amount']!.add(saleId);
        }
        const soldAt = new Date(START + day * DAY + (8 + 10 * random()) * 3_600_000).toISOString();
        const after: Facts = {
          ...{ saleId, source: 'core', reference: `P-${number}`, soldAt, day: text, currency: 'LKR' },
          ...{
            productId: uuid(5, at),
            branchId: agent.branchId,
            amount: amount.toFixed(4),
            policyNumber: null,
          },
          shares: [
            {
              ...{ agentId: agent.id, teamId: agent.teamId, branchId: agent.branchId },
              ...{ percent: '100', amount: amount.toFixed(4) },
            },
          ],
        };
        today.push(event('sales.recorded', { after, policyholder: null }, Date.parse(soldAt)));
        ofToday.push(after);
      }
    }
    sales.push(...today);
    recorded.push(...ofToday);
    const cancel = (sale: Facts) =>
      sales.push(
        event('sales.cancelled', { before: sale, reason: 'made up' }, START + day * DAY + 12 * 3_600_000),
      );
    const lately = recorded.splice(0, Math.max(0, recorded.length - agents * 60)) && recorded;
    const gone = new Set<string>();
    for (const sale of lately.slice(-agents * 30)) {
      const agent = people[Number.parseInt(sale.shares[0]!.agentId.slice(-12), 16)]!;
      if (random() < agent.cancels / 20) {
        cancel(sale);
        gone.add(sale.saleId);
      }
    }
    if (day > 60 && random() < 0.12) {
      const agent = people[Math.floor(random() * people.length)]!;
      const own = lately.filter((sale) => sale.shares[0]!.agentId === agent.id && !gone.has(sale.saleId));
      const burst = own.slice(-5 - Math.floor(random() * 4));
      if (burst.length >= 5) {
        for (const sale of burst) {
          cancel(sale);
          gone.add(sale.saleId);
        }
        labels['cancellation-burst']!.add(`agent ${agent.id} ${text}`);
      }
    }
    if (day > 60 && random() < 0.03) {
      const branch = uuid(2, Math.floor(random() * 6));
      const own = lately.filter((sale) => sale.branchId === branch && !gone.has(sale.saleId));
      const each = new Map(own.map((sale) => [sale.shares[0]!.agentId, sale]));
      const burst = [...each.values()].slice(0, 9);
      if (burst.length === 9) {
        for (const sale of burst) {
          cancel(sale);
          gone.add(sale.saleId);
        }
        labels['cancellation-burst']!.add(`branch ${branch} ${text}`);
      }
    }
    if (gone.size > 0) {
      const left = lately.filter((sale) => !gone.has(sale.saleId));
      recorded.splice(0, recorded.length, ...left);
    }
  }
  return {
    sales,
    ...signInsOf(random, days, labels, uuid),
    exports: exportsOf(random, days, labels, uuid),
    labels,
    saleCount: number,
  };
}

type Uuid = (kind: number, n: number) => string;

/** Forty people: an office, a home, a telephone; some travel, browsers change. */
function signInsOf(
  random: () => number,
  days: number,
  labels: Year['labels'],
  uuid: Uuid,
): Pick<Year, 'signIns'> {
  const browsers = ['Firefox/140', 'Chrome/141 Safari/537', 'Version/19 Safari/605', 'Edg/141 Chrome/141'];
  const signIns: SignIn[] = [];
  let session = 0;
  const people = Array.from({ length: 40 }, (_, n) => ({
    id: uuid(6, n),
    places: ['203.0.113.7', `198.51.${n}.20`, `100.64.${n}.9`].slice(0, 2 + (n % 2)),
    browser: browsers[n % 4]!,
    other: browsers[(n + 1) % 4]!,
    travels: n % 9 === 0,
    factor: n % 2 === 0,
  }));
  for (let day = 0; day < days; day += 1) {
    for (const person of people) {
      if (random() < 0.3) continue;
      const at = START + day * DAY + (7 + 10 * random()) * 3_600_000;
      let place = person.places[Math.floor(random() ** 2 * person.places.length)]!;
      let browser = random() < 0.08 ? person.other : person.browser;
      let secondFactor = person.factor;
      session += 1;
      const sessionId = uuid(7, session);
      // Travelling, with one's own computer and the second factor: a hotel, an airport.
      if (person.travels && random() < 0.05) place = `192.0.${Math.floor(random() * 250)}.5`;
      if (person.travels) secondFactor = true;
      if (day > 30 && random() < 0.0015) {
        place = `45.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}.66`;
        browser = random() < 0.6 ? 'curl/8.9' : browser;
        secondFactor = false;
        labels['new-place']!.add(sessionId);
      }
      signIns.push({
        occurredAt: new Date(at),
        payload: { personId: person.id, sessionId, place, browser, secondFactor },
      });
    }
  }
  return { signIns };
}

/** Fifteen people export; two of them work late by habit. */
function exportsOf(random: () => number, days: number, labels: Year['labels'], uuid: Uuid): Export[] {
  const exports: Export[] = [];
  for (let day = 0; day < days; day += 1) {
    const date = new Date(START + day * DAY);
    for (let n = 0; n < 15; n += 1) {
      const late = n >= 13;
      const personId = uuid(8, n);
      const payload = { personId, keyId: null, route: 'GET /api/sales/export' };
      const night = day > 30 && random() < 0.003;
      if (night) {
        const hour = random() < 0.5 ? 1 + 3 * random() : 22 + random();
        exports.push({ occurredAt: new Date(START + day * DAY + hour * 3_600_000), payload });
        labels['export-out-of-hours']!.add(`person:${personId} ${date.toISOString().slice(0, 10)}`);
      }
      if (date.getUTCDay() === 0 || random() < 0.6) continue;
      const hour = late && random() < 0.5 ? 20 + 1.9 * random() : 8 + 10 * random();
      exports.push({ occurredAt: new Date(START + day * DAY + hour * 3_600_000), payload });
    }
  }
  return exports.sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
