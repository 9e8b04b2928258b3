/** What the lake says at one position, for the insight tables. */
import type { Warehouse } from '@moonbase/warehouse';

export type Kind = 'team' | 'branch' | 'product';

/** Columns, as PostgreSQL's unnest takes them. `days` are null where figures are over all time. */
export interface LakeFigures {
  ids: string[];
  days: (string | null)[];
  amounts: string[];
  sales: number[];
}

export interface LakeNotified {
  pseudonym: string;
  day: string | null;
  count: number;
}

export interface LakeStatus {
  status: string;
  day: string | null;
  count: number;
}

export interface LakeState {
  position: number;
  figures: Record<Kind, LakeFigures>;
  notified: LakeNotified[];
  statuses: LakeStatus[];
}

const UNLIMITED = { rows: 5_000_000, timeoutMs: 600_000 };

/**
 * @param zone in which the days of notifications are counted
 */
export async function readLake(warehouse: Warehouse, currency: string, zone: string): Promise<LakeState> {
  const { position } = await warehouse.query('SELECT 1');
  const ask = async (sql: string, parameters: Record<string, string>) =>
    (await warehouse.query(sql.replaceAll('$position', String(position)), parameters, UNLIMITED)).rows;
  const figures = async (id: string, view: string, sales: string): Promise<LakeFigures> => {
    const rows = await ask(
      `SELECT ${id}, day, sum(amount), sum(${sales}) FROM ${view}
        WHERE position <= $position AND currency = $currency AND ${id} IS NOT NULL GROUP BY ALL`,
      { currency },
    );
    return {
      ids: rows.map((row) => String(row[0])),
      days: rows.map((row) => String(row[1])),
      amounts: rows.map((row) => String(row[2])),
      sales: rows.map((row) => Number(row[3])),
    };
  };
  const day = `(occurred_at AT TIME ZONE $zone)::DATE`;
  const team = await figures('team_id', 'sale_shares', 'team_sales');
  const branch = await figures('branch_id', 'sale_movements', 'sales');
  const product = await figures('product_id', 'sale_movements', 'sales');
  const notified = await ask(
    `SELECT agentId, ${day}, count(*) FROM notifications_changed
      WHERE before IS NULL AND agentId IS NOT NULL AND position <= $position GROUP BY ALL`,
    { zone },
  );
  const statuses = await ask(
    `SELECT status, day, sum(moved) FROM (
       SELECT after AS status, ${day} AS day, 1 AS moved, position FROM notifications_changed
       UNION ALL
       SELECT before, ${day}, -1, position FROM notifications_changed WHERE before IS NOT NULL)
      WHERE position <= $position GROUP BY ALL`,
    { zone },
  );
  return {
    position,
    figures: { team, branch, product },
    notified: notified.map(([pseudonym, day, count]) => ({
      pseudonym: String(pseudonym),
      day: String(day),
      count: Number(count),
    })),
    statuses: statuses.map(([status, day, count]) => ({
      status: String(status),
      day: String(day),
      count: Number(count),
    })),
  };
}
