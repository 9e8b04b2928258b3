/** Calls of routes from pages: one client per route, and the query key that names a call. */

import type { Api, CallInput, CallOutput, Route } from '@moonbase/http';
import { type CallOptions, createClient } from '@moonbase/http/client';

export { ApiError } from '@moonbase/http/client';

type Send = (input: unknown, options?: CallOptions) => Promise<unknown>;

const senders = new WeakMap<Route, Send>();
const clients = new WeakMap<Api, unknown>();

/** Calls a route. Cookies of the page's own origin go along. */
export function callRoute<R extends Route>(
  route: R,
  input: CallInput<R> | undefined,
  options?: CallOptions,
): Promise<CallOutput<R>> {
  let send = senders.get(route);
  if (!send) {
    send = createClient({ call: route }).call as Send;
    senders.set(route, send);
  }
  return send(input, options) as Promise<CallOutput<R>>;
}

/** The typed client of an api, the same object every time. */
export function useApi<A extends Api>(api: A) {
  let client = clients.get(api);
  if (!client) {
    client = createClient(api);
    clients.set(api, client);
  }
  return client as ReturnType<typeof createClient<A>>;
}

/** The query key of a call; without input, of every call of the route. */
export function keyOf<R extends Route>(route: R, input?: Partial<CallInput<R>>): readonly unknown[] {
  const name = `${route.method} ${route.path}`;
  return input === undefined ? [name] : [name, withoutBlanks(input)];
}

/** `{query: {branch: undefined}}` asks the same as `{}`. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const kept = Object.entries(value)
    .map(([name, each]) => [name, withoutBlanks(each)] as const)
    .filter(([, each]) => each !== undefined && each !== '' && !isEmpty(each));
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  return (
    value !== null && typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0
  );
}

/** Optional where the route needs nothing. */
export type InputArguments<R extends Route, Options> =
  Record<never, never> extends CallInput<R>
    ? [input?: CallInput<R>, options?: Options]
    : [input: CallInput<R>, options?: Options];

/** A random key, also on pages that are not served over TLS (where crypto.randomUUID is missing). */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
