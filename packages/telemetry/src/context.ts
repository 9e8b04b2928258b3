/** The context of what runs now: it follows promises and timers by itself. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Context {
  /** Of the HTTP request that this is part of. */
  readonly requestId?: string;
  /** W3C trace id: 32 hexadecimal digits. */
  readonly traceId?: string;
  /** Who acts: a person's or key's id, or `system`. */
  readonly actor: string;
  /** Id of the event or request before this, `null` where nothing was. */
  readonly cause: string | null;
}

const storage = new AsyncLocalStorage<Context>();
const nobody: Context = Object.freeze({ actor: 'system', cause: null });

/** The current context. Outside any, the actor is `system` and the cause `null`. */
export function context(): Context {
  return storage.getStore() ?? nobody;
}

/**
 * Runs `fn`, and all that it starts, in the current context with some fields set.
 *
 * @example
 *   await withContext({ requestId: request.id, actor: principal.id }, () => handle(request));
 */
export function withContext<T>(partial: Partial<Context>, fn: () => T): T {
  return storage.run({ ...context(), ...partial }, fn);
}
