/**
 * One connection to the live stream, shared by every hook that waits on the same consumer.
 *
 *   idle ──watch──▶ connecting ──answer──▶ live ──hidden 5 s──▶ paused ──visible──▶ connecting
 *                       ▲                   │
 *                       └──── waiting ◀─────┴── broken, or silent for 45 s
 *
 * It resumes where it stood (`Last-Event-ID`). When it stayed away too long for that to be worth it, or the
 * server says that the place is gone, the watchers are told of a gap and read afresh.
 */
import { readEventStream } from './event-stream.ts';

export interface LiveEvent<Payload = Record<string, unknown>> {
  position: number;
  type: string;
  key: string;
  occurredAt: string;
  payload: Payload;
}

export type LiveState = 'idle' | 'connecting' | 'live' | 'waiting' | 'paused' | 'refused';

export interface LiveWatcher {
  types: readonly string[];
  onEvents: (events: LiveEvent[]) => void;
  onGap?: () => void;
}

export interface LiveTimes {
  /** Milliseconds a hidden tab stays connected. */
  grace: number;
  /** Milliseconds of absence after which catching up is given up. */
  absence: number;
  /** Milliseconds without a byte after which the connection counts as dead. */
  silence: number;
  /** First wait before connecting again, doubled up to 20 times. */
  wait: number;
}

const usual: LiveTimes = { grace: 5_000, absence: 300_000, silence: 45_000, wait: 500 };

export interface LiveWorld {
  address: string;
  /** Runs the callback before the next frame. */
  frame: (run: () => void) => void;
  times?: Partial<LiveTimes>;
}

type Outcome = 'ended' | 'refused' | 'silent' | 'again';

export class LiveConnection {
  state: LiveState = 'idle';
  readonly #world: LiveWorld;
  readonly #times: LiveTimes;
  readonly #watchers = new Set<LiveWatcher>();
  readonly #stateWatchers = new Set<() => void>();
  #types = '';
  readonly #refused = new Set<string>();
  #lastId: string | undefined;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #waiting: LiveEvent[] = [];
  #away: number | undefined;
  #hidden = false;

  constructor(world: LiveWorld) {
    this.#world = world;
    this.#times = { ...usual, ...world.times };
  }

  /** Hands events to the watcher until the returned function is called. */
  watch(watcher: LiveWatcher): () => void {
    this.#watchers.add(watcher);
    this.#settle();
    return () => {
      this.#watchers.delete(watcher);
      this.#settle();
    };
  }

  onState(run: () => void): () => void {
    this.#stateWatchers.add(run);
    return () => this.#stateWatchers.delete(run);
  }

  /** Tells that the tab went out of sight, or came back. */
  visible(is: boolean): void {
    this.#hidden = !is;
    clearTimeout(this.#timer);
    if (!is) {
      this.#away ??= Date.now();
      this.#timer = setTimeout(() => this.#pause(), this.#times.grace);
      return;
    }
    const away = this.#away === undefined ? 0 : Date.now() - this.#away;
    this.#away = undefined;
    if (this.state === 'live') return;
    if (away > this.#times.absence) {
      this.#lastId = undefined;
      this.#gap();
    }
    this.retry();
  }

  /** Connects at once: the network came back, or somebody pressed the button. */
  retry(): void {
    if (this.state === 'live' || this.#watchers.size === 0) return;
    this.#failures = 0;
    this.#connect();
  }

  /** Types watched changed: connect anew in a moment, when all hooks of the page have said theirs. */
  #settle(): void {
    queueMicrotask(() => {
      const wanted = new Set([...this.#watchers].flatMap((each) => each.types));
      const types = [...wanted]
        .filter((type) => !this.#refused.has(type))
        .sort()
        .join(',');
      if (types === this.#types) return;
      this.#types = types;
      if (types === '') this.#stop('idle');
      else if (!this.#hidden) this.#connect();
    });
  }

  /**
   * One type that this viewer may not follow must not cost the others: the answer names it, and it is left
   * out from here on. False where the answer names none, or nothing is left.
   */
  #without(answer: string): boolean {
    const types = this.#types.split(',');
    const refused = types.filter((type) => answer.includes(type));
    for (const type of refused) this.#refused.add(type);
    this.#types = types.filter((type) => !this.#refused.has(type)).join(',');
    return refused.length > 0 && this.#types !== '';
  }

  #pause(): void {
    if (this.state !== 'idle') this.#stop('paused');
  }

  #stop(state: LiveState): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = undefined;
    this.#become(state);
  }

  #become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const run of this.#stateWatchers) run();
  }

  #connect(): void {
    this.#stop('connecting');
    const abort = new AbortController();
    this.#abort = abort;
    void this.#read(abort).then((outcome) => {
      if (abort.signal.aborted && outcome !== 'silent') return;
      if (outcome === 'refused') return this.#stop('refused');
      if (outcome === 'again') return this.#connect();
      this.#become('waiting');
      const wait = this.#times.wait * Math.min(2 ** this.#failures, 20) * (0.75 + Math.random() / 2);
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#connect(), wait);
    });
  }

  async #read(abort: AbortController): Promise<Outcome> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    let silent = false;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        silent = true;
        abort.abort();
      }, this.#times.silence);
    };
    const joint = this.#world.address.includes('?') ? '&' : '?';
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.#lastId !== undefined) headers['last-event-id'] = this.#lastId;
    try {
      heard();
      const response = await fetch(`${this.#world.address}${joint}types=${encodeURIComponent(this.#types)}`, {
        headers,
        signal: abort.signal,
        cache: 'no-store',
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        return this.#without(await response.text()) ? 'again' : 'refused';
      }
      if (!response.ok || !response.body) return 'ended';
      this.#become('live');
      this.#failures = 0;
      for await (const message of readEventStream(response.body, heard)) {
        if (message.id !== undefined) this.#lastId = message.id;
        if (message.event === 'gap') this.#gap();
        else if (message.data !== '') this.#take(JSON.parse(message.data));
      }
    } catch {
      // A broken connection is an ended one: it is made again.
    } finally {
      clearTimeout(silence);
    }
    return silent ? 'silent' : 'ended';
  }

  #take(data: LiveEvent | LiveEvent[]): void {
    const first = this.#waiting.length === 0;
    this.#waiting.push(...(Array.isArray(data) ? data : [data]));
    if (first && this.#waiting.length > 0) this.#world.frame(() => this.#flush());
  }

  #flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    for (const watcher of [...this.#watchers]) {
      const mine = events.filter((event) => watcher.types.includes(event.type));
      if (mine.length > 0) watcher.onEvents(mine);
    }
  }

  #gap(): void {
    for (const watcher of [...this.#watchers]) watcher.onGap?.();
  }
}
