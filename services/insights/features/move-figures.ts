/**
 * What sales events move in the cubes. Events carry what the sale was before and is after, so that moves
 * commute: before is taken away, after is added, in whatever order events of different sales come.
 */
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { saleCancelled, saleCorrected, saleDeleted, saleRecorded } from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { foldFigures } from './fold-figures.ts';
import { fromUnits, toUnits } from './units.ts';

type SalesEvent = Event<
  typeof saleRecorded | typeof saleCorrected | typeof saleCancelled | typeof saleDeleted
>;

export type SaleFacts = Event<typeof saleRecorded>['payload']['after'];

interface Cell {
  key: readonly (string | null)[];
  units: bigint;
  sales: number;
  teamSales: number;
}

export async function moveFigures(
  events: readonly SalesEvent[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const moves = new Moves();
  for (const { payload } of events) {
    if ('before' in payload && payload.before) moves.count(payload.before, -1);
    if ('after' in payload) moves.count(payload.after, 1);
  }
  await Promise.all([insertMoves(tx, moves.cells()), insertAgentMoves(tx, moves.agentCells())]);
  await foldFigures(tx, context.clock);
}

/** Adds up a batch, so that a cell is written once however many of its events come together. */
export class Moves {
  readonly #cells = new Map<string, Cell>();
  readonly #agents = new Map<string, Cell>();

  count(sale: SaleFacts, sign: 1 | -1): void {
    const hour = `${new Date(sale.soldAt).toISOString().slice(0, 13)}:00:00Z`;
    const teams = new Set<string | null>();
    for (const [place, share] of sale.shares.entries()) {
      const units = toUnits(share.amount) * BigInt(sign);
      const cell = this.#at(this.#cells, [
        hour,
        sale.day,
        sale.branchId,
        share.teamId,
        sale.productId,
        sale.currency,
      ]);
      cell.units += units;
      if (place === 0) cell.sales += sign;
      if (!teams.has(share.teamId)) cell.teamSales += sign;
      teams.add(share.teamId);
      const agent = this.#at(this.#agents, [
        sale.day,
        share.agentId,
        sale.branchId,
        share.teamId,
        sale.currency,
      ]);
      agent.units += units;
      agent.sales += sign;
    }
  }

  cells(): Cell[] {
    return moved(this.#cells);
  }

  agentCells(): Cell[] {
    return moved(this.#agents);
  }

  #at(cells: Map<string, Cell>, key: readonly (string | null)[]): Cell {
    const name = key.join();
    let cell = cells.get(name);
    if (!cell) {
      cell = { key, units: 0n, sales: 0, teamSales: 0 };
      cells.set(name, cell);
    }
    return cell;
  }
}

function moved(cells: Map<string, Cell>): Cell[] {
  return [...cells.values()].filter((cell) => cell.units !== 0n || cell.sales !== 0 || cell.teamSales !== 0);
}

const column = (cells: readonly Cell[], place: number) => cells.map((cell) => cell.key[place]);

async function insertMoves(tx: Transaction, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return;
  await tx.query(
    {
      name: 'insights.move',
      text: `INSERT INTO insights.deltas (hour, day, branch_id, team_id, product_id, currency, amount, sales, team_sales)
             SELECT * FROM unnest($1::timestamptz[], $2::date[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[],
                                  $7::numeric[], $8::bigint[], $9::bigint[])`,
    },
    [
      ...[0, 1, 2, 3, 4, 5].map((place) => column(cells, place)),
      cells.map((cell) => fromUnits(cell.units)),
      cells.map((cell) => cell.sales),
      cells.map((cell) => cell.teamSales),
    ],
  );
}

async function insertAgentMoves(tx: Transaction, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return;
  await tx.query(
    {
      name: 'insights.move-agents',
      text: `INSERT INTO insights.agent_deltas (day, agent_id, branch_id, team_id, currency, amount, sales)
             SELECT * FROM unnest($1::date[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::numeric[],
                                  $7::bigint[])`,
    },
    [
      ...[0, 1, 2, 3, 4].map((place) => column(cells, place)),
      cells.map((cell) => fromUnits(cell.units)),
      cells.map((cell) => cell.sales),
    ],
  );
}
