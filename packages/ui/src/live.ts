/** Hooks on the live stream. */
import type { Route } from '@moonbase/http';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { LiveConnection, type LiveEvent, type LiveState } from './live-connection.ts';
import { useRefresh } from './reads.ts';

export type { LiveEvent, LiveState };

const connections = new Map<string, LiveConnection>();
const newcomers = new Set<() => void>();

/** The connection that waits for a consumer (`after`), made once per tab. */
function connectionOf(after: string | undefined): LiveConnection {
  const key = after ?? '';
  let connection = connections.get(key);
  if (!connection) {
    connection = new LiveConnection({
      address: `/api/live${after ? `?after=${encodeURIComponent(after)}` : ''}`,
      frame: (run) => requestAnimationFrame(run),
    });
    connections.set(key, connection);
    for (const tell of newcomers) tell();
  }
  return connection;
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => {
    for (const each of connections.values()) each.visible(document.visibilityState === 'visible');
  });
  window.addEventListener('online', retryLive);
}

/** Connects again at once, all of them. */
export function retryLive(): void {
  for (const each of connections.values()) each.retry();
}

export interface LiveOptions {
  /** Wait until this consumer has worked the events off. */
  after?: string;
  /** Too much was missed: read afresh. */
  onGap?: () => void;
}

/** Calls `onEvents` with events of these types, at most once a frame; see the README. */
export function useLive<Payload = Record<string, unknown>>(
  types: readonly string[],
  onEvents: (events: LiveEvent<Payload>[]) => void,
  options: LiveOptions = {},
): void {
  const latest = useRef({ onEvents, onGap: options.onGap });
  latest.current = { onEvents, onGap: options.onGap };
  const wanted = types.join(',');
  useEffect(() => {
    if (wanted === '') return;
    return connectionOf(options.after).watch({
      types: wanted.split(','),
      onEvents: (events) => latest.current.onEvents(events as LiveEvent<Payload>[]),
      onGap: () => latest.current.onGap?.(),
    });
  }, [wanted, options.after]);
}

/** Reads the routes again when such events arrive: at once for the first, then at most every `every` ms. */
export function useLiveReload(
  types: readonly string[],
  routes: readonly Route[],
  options: { after?: string; every?: number } = {},
): void {
  const refresh = useRefresh();
  const { every = 500 } = options;
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined);
  const before = useRef(0);
  useEffect(() => () => clearTimeout(pending.current), []);
  const reload = () => {
    if (pending.current !== undefined) return;
    const wait = Math.max(0, before.current + every - Date.now());
    pending.current = setTimeout(() => {
      pending.current = undefined;
      before.current = Date.now();
      void refresh(routes);
    }, wait);
  };
  useLive(types, reload, { after: options.after, onGap: reload });
}

/** The worst state of all connections, for the shell's dot. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watchStates, worstState);
}

function watchStates(tell: () => void): () => void {
  const ends = new Map<LiveConnection, () => void>();
  const follow = () => {
    for (const each of connections.values()) if (!ends.has(each)) ends.set(each, each.onState(tell));
    tell();
  };
  newcomers.add(follow);
  follow();
  return () => {
    newcomers.delete(follow);
    for (const end of ends.values()) end();
  };
}

const order: readonly LiveState[] = ['refused', 'waiting', 'connecting', 'paused', 'live', 'idle'];

function worstState(): LiveState {
  const states = new Set([...connections.values()].map((each) => each.state));
  return order.find((state) => states.has(state)) ?? 'idle';
}
