/** The SQL page's way into the warehouse. */
import type { Handler } from '@moonbase/service';
import { exportMedia, WarehouseError } from '@moonbase/warehouse';
import type { insightsApi } from '../api.ts';
import { insightsError } from '../errors.ts';

/** Most rows of an export. */
const EXPORT_ROWS = 1_000_000;

export const runQuery: Handler<typeof insightsApi.runQuery> = async ({ body, signal }, { warehouse }) => {
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

export const exportQuery: Handler<typeof insightsApi.exportQuery> = async (
  { body, signal },
  { warehouse },
) => ({
  status: 200,
  body: await told(() =>
    warehouse.export(body.sql, body.format, { rows: EXPORT_ROWS, timeoutMs: 120_000, signal }),
  ),
  headers: {
    'content-type': exportMedia[body.format],
    'content-disposition': `attachment; filename="query.${body.format}"`,
  },
});

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
