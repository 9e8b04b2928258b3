/**
 * A stand-in core system: pushes believable sales at a chosen rate through the same route as a real one,
 * and now and then what real ones do: the same sale twice, an agent nobody has entered, a correction, a
 * cancellation.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { agentsApi } from '@moonbase/agents/api.ts';
import { ApiError, createClient } from '@moonbase/http/client';
import type { CommandWorld } from '@moonbase/service';
import { salesApi } from '../api.ts';
import type { SaleInput } from '../schema.ts';

/** Most requests that wait for their answer at once. */
const IN_FLIGHT = 256;
const TICK = 20;

interface Seller {
  agent: string;
  product: string;
}

export interface SimulateOptions {
  /** Sales a second. */
  rate: number;
  /** Seconds; until it is interrupted where undefined. */
  seconds?: number;
}

export interface SimulateCounts {
  sent: number;
  recorded: number;
  repeated: number;
  waiting: number;
  corrected: number;
  cancelled: number;
  failed: number;
}

export async function simulate(options: SimulateOptions, world: CommandWorld): Promise<SimulateCounts> {
  const key = await world.key('agents:read', 'sales:read', 'sales:write');
  const headers = { authorization: `Bearer ${key}` };
  const sellers = await readSellers(createClient(agentsApi, { url: world.url, headers }));
  if (sellers.length === 0) {
    world.print('There is no active agent who may sell anything: enter agents, or start with the demo data.');
    return new Simulation(sellers, createClient(salesApi, { url: world.url, headers })).counts;
  }
  const simulation = new Simulation(sellers, createClient(salesApi, { url: world.url, headers }));
  const start = performance.now();
  const end = options.seconds === undefined ? Number.POSITIVE_INFINITY : options.seconds * 1_000;
  let told = 0;
  while (!world.signal.aborted) {
    const elapsed = performance.now() - start;
    // What fell due while the process was busy is made up for, as far as requests in flight allow.
    const due = Math.floor((Math.min(elapsed, end) / 1_000) * options.rate);
    while (simulation.counts.sent < due && simulation.inFlight < IN_FLIGHT) simulation.send();
    if (elapsed >= end && simulation.counts.sent >= due) break;
    if (elapsed - told >= 1_000) {
      told = elapsed;
      world.progress(
        `${simulation.line()} · ${Math.round((simulation.counts.sent / elapsed) * 1_000)} a second`,
      );
    }
    await wait(TICK);
  }
  await simulation.done();
  world.print(simulation.line());
  return simulation.counts;
}

class Simulation {
  readonly counts: SimulateCounts = {
    ...{ sent: 0, recorded: 0, repeated: 0, waiting: 0, corrected: 0, cancelled: 0, failed: 0 },
  };
  readonly #sellers: readonly Seller[];
  readonly #client: ReturnType<typeof createClient<typeof salesApi>>;
  readonly #run = randomUUID().slice(0, 8);
  readonly #underWay = new Set<Promise<void>>();
  /** The latest sales, to be sent again, corrected or cancelled. */
  #recent: { input: Partial<SaleInput> & { reference: string }; id: string }[] = [];
  #fault: string | undefined;

  constructor(sellers: readonly Seller[], client: ReturnType<typeof createClient<typeof salesApi>>) {
    this.#sellers = sellers;
    this.#client = client;
  }

  get inFlight(): number {
    return this.#underWay.size;
  }

  /** Sends one request, without waiting for its answer. */
  send(): void {
    this.counts.sent += 1;
    const work = this.#push()
      .catch((error) => {
        this.counts.failed += 1;
        this.#fault = error instanceof ApiError ? `${error.code}: ${error.message}` : String(error);
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async done(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  line(): string {
    const { sent, recorded, repeated, waiting, corrected, cancelled, failed } = this.counts;
    return (
      `${sent} sent: ${recorded} recorded, ${repeated} repeated, ${waiting} waiting, ` +
      `${corrected} corrected, ${cancelled} cancelled, ${failed} failed${this.#fault ? ` (${this.#fault})` : ''}`
    );
  }

  async #push(): Promise<void> {
    const chance = randomInt(1000);
    const earlier = this.#recent.length > 20 ? this.#recent[randomInt(this.#recent.length)] : undefined;
    if (earlier && chance < 20) return this.#repeat(earlier);
    if (earlier && chance < 30) return this.#correct(earlier.id);
    if (earlier && chance < 35) return this.#cancel(earlier);
    const input = this.#sale(chance < 40);
    const receipt = await this.#client.recordSale({ body: input });
    if (receipt.status === 'waiting') {
      this.counts.waiting += 1;
      return;
    }
    this.counts.recorded += 1;
    this.#recent.push({ input, id: receipt.saleId });
    if (this.#recent.length > 500) this.#recent.shift();
  }

  #sale(unknownAgent: boolean) {
    const seller = this.#sellers[randomInt(this.#sellers.length)]!;
    return {
      source: 'simulation',
      reference: `${this.#run}-${this.counts.sent}`,
      agent: unknownAgent ? `NEW-${randomInt(100, 1000)}` : seller.agent,
      product: seller.product,
      amount: (randomInt(100_000, 2_500_000) / 100).toFixed(2),
      soldAt: new Date().toISOString(),
      policyNumber: `SIM-${this.#run}-${this.counts.sent}`,
    };
  }

  async #repeat({ input }: { input: Partial<SaleInput> & { reference: string } }): Promise<void> {
    await this.#client.recordSale({ body: input as SaleInput });
    this.counts.repeated += 1;
  }

  async #correct(id: string): Promise<void> {
    const amount = (randomInt(100_000, 2_500_000) / 100).toFixed(2);
    await this.#client.correctSale({ params: { id }, body: { amount, reason: 'Premium recalculated' } });
    this.counts.corrected += 1;
  }

  async #cancel(earlier: { id: string }): Promise<void> {
    this.#recent = this.#recent.filter((each) => each !== earlier);
    await this.#client.cancelSale({
      params: { id: earlier.id },
      body: { reason: 'Withdrawn by the customer' },
    });
    this.counts.cancelled += 1;
  }
}

/** Active agents with what they may sell today. */
async function readSellers(client: ReturnType<typeof createClient<typeof agentsApi>>): Promise<Seller[]> {
  const products = new Map((await client.listProducts({})).items.map((product) => [product.id, product]));
  const today = new Date().toISOString().slice(0, 10);
  const sellers: Seller[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listAgents({ query: { status: 'active', limit: 200, cursor } });
    for (const agent of page.items)
      for (const { productId, from, to } of agent.authorisations) {
        const product = products.get(productId);
        if (product?.active && from < today && (to === null || to > today))
          sellers.push({ agent: agent.code, product: product.code });
      }
    cursor = page.next ?? undefined;
  } while (cursor);
  return sellers;
}
