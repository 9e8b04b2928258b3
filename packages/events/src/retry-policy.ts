/** How often and when a failing event is tried again. */
export interface RetryPolicy {
  /** Tries before it waits for a person; 5 unless said. */
  attempts: number;
  /** Milliseconds between a try (1 is the first) and the next; 250, 750, 2250, 6750 unless said. */
  backoff: (attempt: number) => number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  backoff: (attempt) => Math.min(10_000, 250 * 3 ** (attempt - 1)),
};

/** Milliseconds until the next try, null after the last. */
export function retryIn(policy: RetryPolicy, attempts: number): number | null {
  return attempts < policy.attempts ? policy.backoff(attempts) : null;
}
