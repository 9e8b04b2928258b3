/**
 * From the stored event to what a reader gets: payload validated by the reader's declaration, personal
 * fields decrypted, null where the person is erased; frozen, because readers share it.
 */
import type { Event, EventDeclaration } from './declarations.ts';
import { EventsError } from './errors.ts';
import { decryptField } from './personal-fields.ts';
import type { StoredEvent } from './stored-event.ts';
import type { Subject } from './subjects.ts';

/** The declarations that a reader knows, by type and version. */
export class Declarations {
  readonly #byType = new Map<string, Map<number, EventDeclaration>>();

  constructor(declarations: Iterable<EventDeclaration>) {
    for (const declaration of declarations) {
      const versions = this.#byType.get(declaration.type) ?? new Map();
      this.#byType.set(declaration.type, versions.set(declaration.version, declaration));
    }
  }

  has(type: string): boolean {
    return this.#byType.has(type);
  }

  find(type: string, version: number): EventDeclaration | undefined {
    return this.#byType.get(type)?.get(version);
  }

  /** @throws EventsError `unknown_version` */
  get(event: { type: string; version: number }): EventDeclaration {
    const declaration = this.find(event.type, event.version);
    if (declaration) return declaration;
    const known = [...(this.#byType.get(event.type)?.keys() ?? [])].join(', ') || 'none';
    throw new EventsError('unknown_version', {
      detail: `It is ${event.type} version ${event.version}; known of it: ${known}.`,
    });
  }
}

/** The result of decoding without personal fields, kept as long as the stored event is in memory. */
const decoded = new WeakMap<StoredEvent, { declaration: EventDeclaration; event: Event }>();

/** Whose keys `decode` needs for an event: the owner's, if it holds personal fields. */
export function ownerOf(stored: StoredEvent): string | undefined {
  return stored.personal === null ? undefined : stored.subjects[0];
}

/**
 * @param declaration null to take the payload as it is, without personal fields
 * @param subjects of the owners; without them personal fields are null
 * @throws EventsError `unreadable_payload`
 */
export function decode(
  stored: StoredEvent,
  declaration: EventDeclaration | null,
  subjects?: ReadonlyMap<string, Subject>,
): Event {
  const owner = ownerOf(stored);
  // Which fields of an unknown declaration are whose is not known either.
  const key = owner === undefined || !declaration ? null : (subjects?.get(owner)?.key ?? null);
  if (key === null && declaration) {
    const known = decoded.get(stored);
    if (known?.declaration === declaration) return known.event;
  }
  const raw = JSON.parse(stored.payloadText);
  if (key !== null)
    for (const [field, text] of Object.entries(stored.personal!))
      raw[field] = decryptField(key, stored.id, field, text);
  const event = Object.freeze({
    position: stored.position,
    id: stored.id,
    type: stored.type as Event['type'],
    version: stored.version,
    key: stored.key,
    subjects: stored.subjects,
    occurredAt: stored.occurredAt,
    recordedAt: stored.recordedAt,
    actor: stored.actor,
    cause: stored.cause,
    trace: stored.trace,
    payload: freeze(declaration ? validate(stored, declaration, raw) : raw),
  });
  if (key === null && declaration) decoded.set(stored, { declaration, event });
  return event;
}

function validate(stored: StoredEvent, declaration: EventDeclaration, raw: unknown): unknown {
  const parsed = declaration.payload.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new EventsError('unreadable_payload', {
    detail: `${stored.type} version ${stored.version}: ${path.join('.') || 'payload'}: ${message}.`,
    cause: parsed.error,
  });
}

function freeze<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
