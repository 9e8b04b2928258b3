/** Telemetry: who is acting and why, logs, metrics, health and traces. */
export { type Context, context, withContext } from './context.ts';
export { Health, type HealthReport } from './health.ts';
export { createLogger, type Logger, type LoggerOptions, loggableError } from './logger.ts';
export { type Children, childrenOf, Metrics, metrics } from './metrics.ts';
export { type SpanOptions, span, startTracing } from './tracing.ts';
