/** The SQL page's way into the warehouse. */
import { can, reachOf } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import { exportMedia, WarehouseError } from '@moonbase/warehouse';
import type { insightsApi } from '../api.ts';
import { insightsError } from '../errors.ts';
import type { Asker } from './ask-insight.ts';

/** Most rows of an export. */
const EXPORT_ROWS = 1_000_000;

/**
 * The warehouse knows no rows of one branch or team apart, and figures of single agents can be read off it: SQL is for
 * those who reach everything and may see the agents.
 */
function mayQuery({ reach, principal }: Asker): void {
  if (!reach.all || !can(principal, 'agents:read') || !reachOf(principal, 'agents:read').all)
    throw insightsError('insight_beyond_reach');
}

export const runQuery: Handler<typeof insightsApi.runQuery> = async (request, { warehouse }) => {
  mayQuery(request);
  const { body, signal } = request;
  const started = performance.now();
  const answer = await told(() =>
    warehouse.query(body.sql, body.parameters ?? [], {
      rows: body.rows,
      timeoutMs: body.timeoutMs,
      signal,
    }),
  );
  return {
    status: 200,
    body: { ...answer, milliseconds: Math.round((performance.now() - started) * 10) / 10 },
  };
};

export const exportQuery: Handler<typeof insightsApi.exportQuery> = async (request, { warehouse }) => {
  mayQuery(request);
  const { body, signal } = request;
  return {
    status: 200,
    body: await told(() =>
      warehouse.export(body.sql, body.format, { rows: EXPORT_ROWS, timeoutMs: 120_000, signal }),
    ),
    headers: {
      'content-type': exportMedia[body.format],
      'content-disposition': `attachment; filename="query.${body.format}"`,
    },
  };
};

export const readCatalogue: Handler<typeof insightsApi.readCatalogue> = async (_request, { warehouse }) => ({
  status: 200,
  body: { views: await warehouse.catalogue() },
});

/** The warehouse's errors as this service's, with the place in the SQL as a fault. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    const detail = error.message.slice(error.message.indexOf('. ') + 2);
    const at = error.place ? `/sql line ${error.place.line}, column ${error.place.column}` : '/sql';
    throw insightsError(error.code, { detail, faults: [{ at, message: detail }], cause: error });
  }
}
