/**
 * Traces: spans for OpenTelemetry where a collector is configured, and a trace id in any case, so that
 * logs and events of one request can be found together.
 */
import { randomBytes } from 'node:crypto';
import type * as Otel from '@opentelemetry/api';
import { context, withContext } from './context.ts';

let otel: typeof Otel | undefined;

/**
 * Starts the exporter when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; else loads nothing. The SDK reads the
 * other `OTEL_*` variables itself.
 *
 * @returns sends what is left and stops
 */
export async function startTracing(env: Record<string, string | undefined>): Promise<() => Promise<void>> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return async () => {};
  const [api, { NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '');
  const sdk = new NodeSDK({
    serviceName: env.OTEL_SERVICE_NAME ?? 'moonbase',
    traceExporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }),
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  otel = api;
  return async () => {
    otel = undefined;
    await sdk.shutdown();
  };
}

export interface SpanOptions {
  /** The caller's `traceparent` header. */
  parent?: string;
  kind?: 'server' | 'client' | 'consumer' | 'producer' | 'internal';
  /** Ids, names and counts; never payloads. */
  attributes?: Record<string, string | number | boolean>;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Runs `fn` in a span of that name, with the trace id in the context. Without a collector it costs a
 * random number.
 */
export async function span<T>(name: string, options: SpanOptions, fn: () => Promise<T>): Promise<T> {
  const [, parentTrace, parentSpan, flags] = TRACEPARENT.exec(options.parent ?? '') ?? [];
  if (!otel) {
    const traceId = parentTrace ?? context().traceId ?? randomBytes(16).toString('hex');
    return withContext({ traceId }, fn);
  }
  const { trace, context: active, SpanKind, SpanStatusCode } = otel;
  let around = active.active();
  if (parentTrace && parentSpan) {
    const traceFlags = Number.parseInt(flags ?? '01', 16);
    const spanContext = { traceId: parentTrace, spanId: parentSpan, traceFlags, isRemote: true };
    around = trace.setSpanContext(around, spanContext);
  }
  const kind = SpanKind[(options.kind ?? 'internal').toUpperCase() as keyof typeof SpanKind];
  const opened = trace
    .getTracer('moonbase')
    .startSpan(name, { kind, attributes: options.attributes }, around);
  const traceId = opened.spanContext().traceId;
  try {
    return await active.with(trace.setSpan(around, opened), () => withContext({ traceId }, fn));
  } catch (error) {
    // Its type only: a message may quote a payload.
    const message = error instanceof Error ? error.name : undefined;
    opened.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    opened.end();
  }
}
