/**
 * Who in this process is to be told what was committed: the event logs that run. `publish` and
 * `eraseSubject` know only their transaction; one wake-up too many costs a look into an empty inbox, one too
 * few is made up for by the poll, or by the short life of a cache.
 */
export interface Sleeper {
  published(): void;
  erased(subject: string): void;
}

const sleepers = new Set<Sleeper>();
let scheduled = false;

/** @returns takes it out again */
export function addSleeper(sleeper: Sleeper): () => void {
  sleepers.add(sleeper);
  return () => void sleepers.delete(sleeper);
}

/** Wakes all, once for everything committed in the same turn of the event loop. */
export function announcePublished(): void {
  if (scheduled || sleepers.size === 0) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    for (const sleeper of sleepers) sleeper.published();
  });
}

export function announceErased(subject: string): void {
  for (const sleeper of sleepers) sleeper.erased(subject);
}
