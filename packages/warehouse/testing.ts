/** For tests of what reads the lake: a log in memory, filled by hand. */
import { newId } from '@moonbase/data';
import type { Event, EventDeclaration } from '@moonbase/events';
import type { LogSource } from './src/log-source.ts';

/** An event log without a database: dense positions, personal fields dropped, people as `p:<id>`. */
export class MemoryLog implements LogSource {
  readonly events: Event[] = [];
  readonly #declarations: Map<string, EventDeclaration>;

  constructor(declarations: readonly EventDeclaration[]) {
    this.#declarations = new Map(declarations.map((each) => [each.type, each]));
  }

  get head(): number {
    return this.events.length;
  }

  /** Appends an event. */
  add(type: string, payload: object, more: Partial<Event> = {}): Event {
    const at = more.recordedAt ?? new Date();
    const event = {
      id: newId(),
      type,
      version: this.#declarations.get(type)?.version ?? 1,
      key: newId(),
      subjects: [],
      occurredAt: at,
      recordedAt: at,
      actor: 'system',
      cause: null,
      trace: null,
      ...more,
      position: this.events.length + 1,
      payload,
    } as Event;
    this.events.push(event);
    return event;
  }

  async read({ after, limit }: { after: number; limit: number }): Promise<Event[]> {
    return this.events.slice(after, after + limit);
  }

  lake(event: Event): unknown {
    const declaration = this.#declarations.get(event.type);
    const payload = structuredClone(event.payload) as Record<string, unknown>;
    for (const field of declaration?.personal ?? []) delete payload[field];
    for (const path of declaration?.people ?? []) replace(payload, path.split('.'));
    return payload;
  }
}

function replace(value: unknown, [step, ...rest]: string[]): void {
  if (value === null || typeof value !== 'object' || step === undefined) return;
  const fields = value as Record<string, unknown>;
  for (const name of step === '*' ? Object.keys(fields) : [step]) {
    if (rest.length > 0) replace(fields[name], rest);
    else if (typeof fields[name] === 'string') fields[name] = `p:${fields[name]}`;
  }
}
