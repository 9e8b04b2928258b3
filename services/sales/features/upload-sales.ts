/**
 * Takes in an upload of any length while it arrives. The answer comes at the same time, line by line:
 * progress, rows that were not taken in, a summary.
 *
 * A browser reads the answer only after it has sent everything: the lines about single rows are therefore
 * limited, so that the answer never fills the socket while the request waits. All such rows are in the
 * list of rejected sales, under the upload's id.
 */
import { newId } from '@moonbase/data';
import { CodedError } from '@moonbase/http/errors';
import type { Handler, ServiceContext } from '@moonbase/service';
import { context as requestContext, withContext } from '@moonbase/telemetry';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import type { RowOutcome, UploadBreak, UploadLine } from '../schema.ts';
import type { World } from './prepare-sale.ts';
import { BrokenUpload, readCsvRows, readJsonRows } from './read-rows.ts';
import { count, emptySummary, ROWS, type Row, takeRows } from './take-rows.ts';
import { worldOf } from './world.ts';

/** Most lines about single rows. */
const TOLD = 200;
/** Chunks of rows that are written while the next ones are read. */
const AHEAD = 4;

export const uploadSales: Handler<typeof salesApi.uploadSales> = async (request, context) => {
  const { stream, query } = request;
  if (!stream) throw salesError('upload_empty');
  const bytes = { read: 0 };
  const body = counted(stream.body, bytes);
  const rows = stream.type.includes('csv')
    ? readCsvRows(body, query.source, query.delimiter)
    : readJsonRows(body, query.source);
  // The first row is read before the answer begins: what is wrong with the header is an error of its own.
  const first = await rows.next().catch((error) => {
    if (!(error instanceof BrokenUpload)) throw error;
    throw salesError('upload_broken', { faults: [{ at: `line ${error.line}`, message: error.message }] });
  });
  if (first.done) throw salesError('upload_empty');
  const all = (async function* () {
    yield first.value;
    yield* rows;
  })();
  const world = await worldOf(context, request.reach);
  return {
    status: 200,
    body: lines(all, bytes, requestContext(), world, context),
    headers: { 'x-accel-buffering': 'no' },
  };
};

async function* counted(
  body: AsyncIterable<Uint8Array>,
  bytes: { read: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    bytes.read += chunk.length;
    yield chunk;
  }
}

async function* lines(
  rows: AsyncGenerator<Row>,
  bytes: { read: number },
  sender: ReturnType<typeof requestContext>,
  world: World,
  context: ServiceContext,
): AsyncGenerator<string> {
  const upload = newId();
  const summary = { ...emptySummary(), upload };
  const underWay: Promise<RowOutcome[]>[] = [];
  const line = (value: UploadLine) => `${JSON.stringify(value)}\n`;
  let told = 0;
  // What asks for the next line may run in another context than the request.
  const start = (chunk: Row[]) => withContext(sender, () => takeRows(chunk, upload, world, context));
  async function* finish(left: number): AsyncGenerator<string> {
    while (underWay.length > left) {
      const outcomes = await underWay.shift()!;
      count(summary, outcomes);
      const bad = outcomes.filter((each) => each.outcome !== 'recorded' && each.outcome !== 'repeated');
      for (const row of bad.slice(0, TOLD - told)) yield line({ row });
      told += Math.min(bad.length, TOLD - told);
      yield line({ progress: { ...summary, bytes: bytes.read } });
    }
  }
  let chunk: Row[] = [];
  try {
    for await (const row of rows) {
      chunk.push(row);
      if (chunk.length < ROWS) continue;
      underWay.push(start(chunk));
      // Somebody looks at it when it is its turn; until then a failure is not unhandled.
      underWay.at(-1)!.catch(() => {});
      chunk = [];
      yield* finish(AHEAD - 1);
    }
    if (chunk.length > 0) underWay.push(start(chunk));
    yield* finish(0);
    yield line({ summary });
  } catch (error) {
    // The rows before a break in the file are whole: they are taken in, too.
    if (error instanceof BrokenUpload) {
      if (chunk.length > 0) underWay.push(start(chunk));
      yield* finish(0);
    } else await Promise.allSettled(underWay);
    yield line({ error: breakOf(error, chunk[0]?.line ?? summary.rows + 1, context), summary });
  }
}

/** Why an upload ended before its end: the answer has begun, so its last line must say it. */
function breakOf(error: unknown, line: number, { log }: ServiceContext): UploadBreak {
  if (error instanceof BrokenUpload) {
    const { message, remedy } = salesError('upload_broken', { detail: error.message });
    return { code: 'upload_broken', message, remedy, line: error.line };
  }
  if (error instanceof CodedError) {
    const { code, message, remedy } = error;
    return { code, message, remedy, line };
  }
  log.error({ err: error }, 'an upload ended before its end');
  const { message, remedy } = salesError('upload_broken', { detail: 'The server could not write on.' });
  return { code: 'upload_broken', message, remedy, line };
}
