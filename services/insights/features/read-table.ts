/** The insight tables as they were kept, and the runs that kept them. */

import { newId } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import { can } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import { z } from 'zod';
import type { insightsApi, Run } from '../api.ts';
import { insightsError } from '../errors.ts';
import type { Column, ColumnKind, InsightTable, Row } from '../schema.ts';
import { type Asker, plain } from './ask-insight.ts';
import { exported } from './export-insight.ts';

interface StoredRun {
  id: string;
  trigger: Run['trigger'];
  aggregation_date: Date;
  started_at: Date;
  ended_at: Date | null;
  position: number | null;
  currency: string | null;
  rows: Record<string, number> | null;
  error: string | null;
}

const shown = (run: StoredRun): Run => ({
  id: run.id,
  trigger: run.trigger,
  aggregationDate: run.aggregation_date.toISOString(),
  startedAt: run.started_at.toISOString(),
  endedAt: run.ended_at?.toISOString() ?? null,
  position: run.position,
  currency: run.currency,
  rows: run.rows,
  error: run.error,
});

type Shape = Readonly<Record<string, readonly [name: string, kind: ColumnKind]>>;

const performance = {
  name: ['Name', 'text'],
  total: ['Total', 'money'],
  count: ['Number', 'count'],
  target: ['Target', 'money'],
  progress: ['In its period', 'money'],
  status: ['Status', 'status'],
  aggregation_date: ['As of', 'hour'],
} as const satisfies Shape;

const performanceSql = (kind: string) =>
  `SELECT ${kind}_id AS id, name, total, count, target, progress, status, aggregation_date
     FROM insights.${kind}_performance WHERE run_id = $1 ORDER BY total DESC, name`;

const tables: Record<InsightTable, { columns: Shape; sql: string }> = {
  'team-performance': { columns: performance, sql: performanceSql('team') },
  'product-performance': { columns: performance, sql: performanceSql('product') },
  'branch-performance': { columns: performance, sql: performanceSql('branch') },
  'most-notified-agents': {
    columns: {
      name: ['Agent', 'text'],
      count: ['Notifications', 'count'],
      aggregation_date: ['As of', 'hour'],
    },
    sql: `SELECT m.agent_id AS id, coalesce(a.name, CASE WHEN a.erased THEN 'Erased agent' END, a.code, 'Unknown agent') AS name,
                 m.count, m.aggregation_date
            FROM insights.most_notified_agents m LEFT JOIN insights.agents a ON a.id = m.agent_id
           WHERE m.run_id = $1 ORDER BY m.count DESC, name`,
  },
  'notification-status': {
    columns: {
      status: ['Status', 'status'],
      count: ['Notifications', 'count'],
      aggregation_date: ['As of', 'hour'],
    },
    sql: `SELECT status, count, aggregation_date FROM insights.notification_status
           WHERE run_id = $1 ORDER BY count DESC, status`,
  },
};

/** Tables that tell of everything together. */
const WHOLE: ReadonlySet<InsightTable> = new Set(['product-performance', 'notification-status']);

export const readInsightTable: Handler<typeof insightsApi.readInsightTable> = async (request, context) => ({
  status: 200,
  body: await tableAt(request.params.table, request.query, request, context),
});

export const exportInsightTable: Handler<typeof insightsApi.exportInsightTable> = async (
  request,
  context,
) => {
  const { params, query } = request;
  const { columns, rows } = await tableAt(params.table, query, request, context);
  return exported(params.table, columns, rows, query.format);
};

async function tableAt(
  table: InsightTable,
  { at, run }: { at?: string | undefined; run?: string | undefined },
  { reach, principal }: Asker,
  { db }: ServiceContext,
): Promise<{ run: Run; columns: Column[]; rows: Row[] }> {
  const beyond =
    table === 'most-notified-agents' ? !can(principal, 'agents:read') : WHOLE.has(table) && !reach.all;
  if (beyond) throw insightsError('insight_beyond_reach');
  const found = await db.query<StoredRun>(
    `SELECT * FROM insights.runs
      WHERE error IS NULL AND ended_at IS NOT NULL AND ($1::uuid IS NULL OR id = $1)
        AND ($2::timestamptz IS NULL OR aggregation_date <= $2)
      ORDER BY aggregation_date DESC, id DESC LIMIT 1`,
    [run ?? null, at ?? null],
  );
  const stored = found.rows[0];
  if (!stored) throw insightsError('table_empty');
  const rows = await db.query(tables[table].sql, [stored.id]);
  return {
    run: shown(stored),
    columns: Object.entries(tables[table].columns).map(([key, [name, kind]]) => ({
      key,
      name,
      kind,
      unit: kind === 'money' ? stored.currency : null,
    })),
    rows: rows.rows.map(plain),
  };
}

export const listRuns: Handler<typeof insightsApi.listRuns> = async ({ query }, { db }) => {
  const [date, id] = query.cursor
    ? decodeCursor(z.tuple([z.iso.datetime(), z.uuid()]), query.cursor)
    : [null, null];
  const found = await db.query<StoredRun>(
    `SELECT * FROM insights.runs
      WHERE $1::timestamptz IS NULL OR (aggregation_date, id) < ($1, $2::uuid)
      ORDER BY aggregation_date DESC, id DESC LIMIT $3`,
    [date, id, query.limit + 1],
  );
  const page = found.rows.slice(0, query.limit);
  const last = found.rows.length > query.limit ? page.at(-1) : undefined;
  return {
    status: 200,
    body: {
      items: page.map(shown),
      next: last ? encodeCursor(last.aggregation_date.toISOString(), last.id) : null,
    },
  };
};

export const startRun: Handler<typeof insightsApi.startRun> = async (_request, context) => ({
  status: 202,
  body: {
    job: await context.enqueue(
      context.db,
      'keepTables',
      { trigger: 'person', request: newId() },
      { singletonKey: 'person' },
    ),
  },
});
