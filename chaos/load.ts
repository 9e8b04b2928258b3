/**
 * A load that keeps account: core systems that push sales, repeat them, contradict, correct, cancel and
 * delete, while the office lets an agent go and come back. What was acknowledged is remembered; where no
 * answer came, the same request is sent until one does, as a core system must.
 */

import { Chance } from './random.ts';
import { pause } from './wait.ts';
import type { World } from './world.ts';

/** A sale as the load knows it to be. */
export interface Acknowledged {
  reference: string;
  /** Null where the answer did not tell: refused for the moment. */
  saleId: string | null;
  amount: string;
  status: 'recorded' | 'cancelled' | 'deleted' | 'refused' | 'waiting';
  revision: number;
}

export interface LoadOptions {
  urls: readonly string[];
  world: World;
  seed: number;
  /** Systems that push at the same time; 6 unless said. */
  systems?: number;
  /** Milliseconds that each rests between two requests; 5 unless said. */
  rest?: number;
}

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many routes; what is read from them is checked.
  body: any;
  /** Requests without an answer before this one. */
  unanswered: number;
}

/** Of every sale that the load pushes. */
export const SOURCE = 'chaos';
const PATIENCE = 90_000;

export class Load {
  readonly sales = new Map<string, Acknowledged>();
  /** Answers that nobody should get. */
  readonly surprises: string[] = [];
  /** By status; 0 stands for none. */
  readonly answers = new Map<number, number>();
  readonly #options: LoadOptions;
  readonly #soldAt = new Date().toISOString();
  #running: Promise<unknown> = Promise.resolve();
  #on = false;
  #turn = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    const { systems = 6, seed } = this.#options;
    this.#on = true;
    this.#running = Promise.all([
      ...Array.from({ length: systems }, (_, n) => this.#pushAll(n, new Chance(seed * 100 + n))),
      this.#waver(new Chance(seed * 100 + 99)),
    ]);
  }

  /** Resolves when everything that was sent is answered. */
  async stop(): Promise<void> {
    this.#on = false;
    await this.#running;
  }

  /** Pushes one sale until it is answered. */
  async push(reference: string, chance = new Chance(1)): Promise<void> {
    await this.#record(this.#sale(reference, chance));
  }

  async #pushAll(system: number, chance: Chance): Promise<void> {
    const mine: Acknowledged[] = [];
    for (let n = 0; this.#on; n += 1) {
      const dice = chance.next();
      const known = mine.length > 0 ? chance.of(mine) : undefined;
      const live = known?.status === 'recorded' ? known : undefined;
      if (dice < 0.12) mine.push(...(await this.#recordMany(`${system}-${n}`, chance)));
      else if (dice < 0.22 && live) await this.#repeat(live);
      else if (dice < 0.27 && live) await this.#contradict(live);
      else if (dice < 0.4 && live) await this.#correct(live, chance);
      else if (dice < 0.46 && live) await this.#cancel(live);
      else if (dice < 0.49 && live) await this.#delete(live);
      else mine.push(await this.#record(this.#sale(`${system}-${n}`, chance)));
      await pause(this.#options.rest ?? 5);
    }
  }

  #sale(reference: string, chance: Chance): Record<string, unknown> & { reference: string } {
    const { agents, wavering, late, products } = this.#options.world;
    const dice = chance.next();
    const [one, other] = [chance.between(0, agents.length - 1), chance.between(1, agents.length - 1)];
    const who =
      dice < 0.05
        ? { agent: late }
        : dice < 0.13
          ? { agent: wavering.code }
          : dice < 0.3
            ? {
                shares: [
                  { agent: agents[one], percent: '61.5' },
                  { agent: agents[(one + other) % agents.length], percent: '38.5' },
                ],
              }
            : { agent: agents[one] };
    const past =
      chance.next() < 0.2 ? `2025-0${chance.between(1, 9)}-1${chance.between(0, 9)}` : this.#soldAt;
    const amount = `${chance.between(1, 900)}.${String(chance.between(0, 9_999)).padStart(4, '0')}`;
    const holder = chance.next() < 0.3 ? { policyholder: `Holder ${reference}` } : {};
    return {
      ...{ source: SOURCE, reference, ...who, product: chance.of(products), amount },
      ...{ currency: 'USD', soldAt: past, ...holder },
    };
  }

  readonly #sent = new Map<string, Record<string, unknown>>();

  async #record(sale: Record<string, unknown> & { reference: string }): Promise<Acknowledged> {
    const { reference, amount } = sale;
    this.#sent.set(reference, sale);
    const known: Acknowledged = {
      ...{ reference, saleId: null, amount: fourDecimals(String(amount)), status: 'recorded', revision: 1 },
    };
    const answer = await this.#send('POST', '/api/sales', sale);
    const { wavering } = this.#options.world;
    if (answer.status === 201 || (answer.status === 200 && answer.unanswered > 0)) {
      known.saleId = answer.body.saleId;
    } else if (answer.status === 202) {
      known.saleId = answer.body.saleId;
      known.status = 'waiting';
    } else if (
      answer.status === 422 &&
      sale.agent === wavering.code &&
      answer.body.code === 'agent_inactive'
    ) {
      known.status = 'refused';
    } else {
      this.#surprise('record', reference, answer);
    }
    this.sales.set(reference, known);
    return known;
  }

  async #recordMany(prefix: string, chance: Chance): Promise<Acknowledged[]> {
    const sales = Array.from({ length: chance.between(2, 12) }, (_, n) =>
      this.#sale(`${prefix}-${n}`, chance),
    );
    for (const sale of sales) this.#sent.set(sale.reference, sale);
    const answer = await this.#send('POST', '/api/sales/batch', sales);
    if (answer.status !== 200) this.#surprise('record many', prefix, answer);
    return sales.map((sale, n) => {
      const row = answer.body?.results?.[n] ?? {};
      const known: Acknowledged = {
        ...{
          reference: sale.reference,
          saleId: row.id,
          amount: fourDecimals(String(sale.amount)),
          revision: 1,
        },
        status: row.outcome === 'waiting' ? 'waiting' : row.outcome === 'rejected' ? 'refused' : 'recorded',
      };
      const expected =
        row.outcome === 'recorded' ||
        (row.outcome === 'repeated' && answer.unanswered > 0) ||
        (row.outcome === 'waiting' && sale.agent === this.#options.world.late) ||
        (row.outcome === 'rejected' && row.code === 'agent_inactive');
      if (!expected) this.#surprise(`record many: ${JSON.stringify(row)}`, sale.reference, answer);
      this.sales.set(sale.reference, known);
      return known;
    });
  }

  async #repeat(known: Acknowledged): Promise<void> {
    const answer = await this.#send('POST', '/api/sales', this.#sent.get(known.reference));
    const same = answer.status === 200 && answer.body.saleId === known.saleId;
    if (!same) this.#surprise('repeat', known.reference, answer);
  }

  async #contradict(known: Acknowledged): Promise<void> {
    const sale = { ...this.#sent.get(known.reference), amount: '0.0001' };
    const answer = await this.#send('POST', '/api/sales', sale);
    if (answer.status !== 409 || answer.body.code !== 'reference_conflict')
      this.#surprise('contradict', known.reference, answer);
  }

  /** For one revision: an answer that got lost can't make it happen twice, nor later. */
  async #correct(known: Acknowledged, chance: Chance): Promise<void> {
    const amount = `${chance.between(1, 900)}.${chance.between(1_000, 9_999)}`;
    const body = { amount, reason: 'chaos', revision: known.revision };
    const answer = await this.#send('PATCH', `/api/sales/${known.saleId}`, body);
    const before = answer.status === 409 && answer.body.code === 'revision_conflict' && answer.unanswered > 0;
    if (answer.status !== 200 && !before) return this.#surprise('correct', known.reference, answer);
    if (fourDecimals(amount) === known.amount) return;
    known.amount = fourDecimals(amount);
    known.revision += 1;
  }

  async #cancel(known: Acknowledged): Promise<void> {
    const answer = await this.#send('POST', `/api/sales/${known.saleId}/cancel`, { reason: 'chaos' });
    const before = answer.status === 409 && answer.body.code === 'sale_cancelled' && answer.unanswered > 0;
    if (answer.status !== 200 && !before) return this.#surprise('cancel', known.reference, answer);
    known.status = 'cancelled';
    known.revision += 1;
  }

  async #delete(known: Acknowledged): Promise<void> {
    const answer = await this.#send('DELETE', `/api/sales/${known.saleId}`, { reason: 'chaos' });
    const before = answer.status === 404 && answer.body.code === 'sale_unknown' && answer.unanswered > 0;
    if (answer.status !== 204 && !before) return this.#surprise('delete', known.reference, answer);
    known.status = 'deleted';
  }

  /** Lets the agent go and come back; at the end the agent is there. */
  async #waver(chance: Chance): Promise<void> {
    const { id } = this.#options.world.wavering;
    while (this.#on) {
      for (const change of ['deactivate', 'reactivate']) {
        const answer = await this.#send('POST', `/api/agents/${id}/${change}`, {});
        if (answer.status !== 200) this.#surprise(change, id, answer);
        await pause(chance.between(100, 500));
      }
    }
  }

  /** Sends it until there is an answer that says what became of it. */
  async #send(method: string, path: string, body: unknown): Promise<Answer> {
    const { urls, world } = this.#options;
    const end = performance.now() + PATIENCE;
    for (let unanswered = 0; ; unanswered += 1) {
      this.#turn += 1;
      const answer = await ask(`${urls[this.#turn % urls.length]}${path}`, method, world.headers, body);
      this.answers.set(answer.status, (this.answers.get(answer.status) ?? 0) + 1);
      if (answer.status === 500) this.#surprise(`${method} ${path}`, 'an error of ours', answer);
      if (answer.status > 0 && answer.status < 500) return { ...answer, unanswered };
      if (performance.now() > end) throw new Error(`${method} ${path} is not answered: ${answer.status}`);
      await pause(50);
    }
  }

  #surprise(what: string, about: string, { status, body }: Pick<Answer, 'status' | 'body'>): void {
    this.surprises.push(`${what} ${about}: ${status} ${JSON.stringify(body)?.slice(0, 300)}`);
  }
}

async function ask(url: string, method: string, headers: Record<string, string>, body: unknown) {
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : undefined };
  } catch (error) {
    return { status: 0, body: String(error) };
  }
}

function fourDecimals(amount: string): string {
  const [whole, fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(4, '0')}`;
}
