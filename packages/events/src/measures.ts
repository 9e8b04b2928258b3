/** What the log tells Prometheus. */
import { childrenOf, metrics } from '@moonbase/telemetry';

export const measures = {
  published: childrenOf(metrics.counter('events_published_total', 'Events committed here', ['type'])),
  sequenced: metrics.counter('events_sequenced_total', 'Events that this host gave a position'),
  handled: childrenOf(
    metrics.counter('events_handled_total', 'Events that a consumer handled here', ['consumer']),
  ),
  turns: childrenOf(metrics.histogram('events_turn_seconds', 'Transactions of a consumer', ['consumer'])),
  failures: childrenOf(
    metrics.counter('events_failures_total', 'Turns of a consumer that failed', ['consumer']),
  ),
};
