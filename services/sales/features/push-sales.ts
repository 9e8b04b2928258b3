/** Pushes the sales of an import, many at once, and tells what became of them. */
import { createClient } from '@moonbase/http/client';
import type { CommandWorld } from '@moonbase/service';
import { salesApi } from '../api.ts';
import type { BatchSummary, RowOutcome } from '../schema.ts';
import { fourDecimals, fromUnits, toUnits } from './decimals.ts';
import { emptySummary } from './take-rows.ts';

/** Sales in one call. */
const BATCH = 1_000;
/** Rows that are printed; the others are in the list of rejected sales. */
const SHOWN = 20;

export class SalesPush {
  readonly summary: BatchSummary = emptySummary();
  readonly #world: CommandWorld;
  readonly #client: ReturnType<typeof createClient<typeof salesApi>>;
  readonly #amounts = new Map<string, bigint>();
  readonly #bad: RowOutcome[] = [];
  #waiting: { line: number; sale: Record<string, unknown> }[] = [];

  /** @param key with `sales:write` */
  constructor(world: CommandWorld, key: string) {
    this.#world = world;
    this.#client = createClient(salesApi, { url: world.url, headers: { authorization: `Bearer ${key}` } });
  }

  /** @param line where it stands in the source, for the list of what was not taken in */
  async add(line: number, sale: Record<string, unknown>): Promise<void> {
    this.#waiting.push({ line, sale });
    if (this.#waiting.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#waiting;
    this.#waiting = [];
    if (rows.length === 0) return;
    const { summary, results } = await this.#client.recordSales({ body: rows.map((row) => row.sale) });
    for (const [name, number] of Object.entries(summary)) this.summary[name as keyof BatchSummary] += number;
    for (const result of results) {
      const { line, sale } = rows[result.line - 1]!;
      if (result.outcome !== 'recorded' && result.outcome !== 'repeated') this.#bad.push({ ...result, line });
      else this.#add(String(sale.currency ?? ''), String(sale.amount));
    }
    this.#world.progress(`Sales ${this.summary.rows}: ${this.summary.recorded} new`);
  }

  /** Prints the sums and what was not taken in. */
  report(): void {
    const { rows, recorded, repeated } = this.summary;
    this.#world.print(`Sales: ${rows} read, ${recorded} recorded, ${repeated} there already.`);
    for (const [currency, units] of this.#amounts)
      this.#world.print(`Amount: ${fromUnits(units)} ${currency || 'in the organisation’s currency'}`);
    for (const { line, reference, message, field } of this.#bad.slice(0, SHOWN))
      this.#world.print(
        `  row ${line} (${reference ?? 'no reference'}${field ? `, ${field}` : ''}): ${message}`,
      );
    if (this.#bad.length > 0)
      this.#world.print(
        `Not taken in: ${this.#bad.length}. They are listed under Rejected in the console, to be mended.`,
      );
  }

  #add(currency: string, amount: string): void {
    this.#amounts.set(currency, (this.#amounts.get(currency) ?? 0n) + toUnits(fourDecimals(amount)));
  }
}
