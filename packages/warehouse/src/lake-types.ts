import type { Event, EventDeclaration } from '@moonbase/events';
import { identifier, literal } from './duck.ts';
import { WarehouseError } from './errors.ts';
import { lakeStructure, type Structure } from './lake-structure.ts';

/** Columns of a view before the payload's own. */
const ENVELOPE = ['position', 'id', 'version', 'key', 'occurred_at', 'recorded_at', 'actor'] as const;

/** What the lake knows of every event type: its declaration and how its payload is stored. */
export class LakeTypes {
  readonly #declarations = new Map<string, EventDeclaration>();
  readonly #structures = new Map<string, Structure>();

  constructor(declarations: readonly EventDeclaration[]) {
    const byType = Map.groupBy(declarations, (declaration) => declaration.type);
    for (const [type, versions] of byType) this.#structures.set(type, lakeStructure(versions));
    for (const declaration of declarations) {
      this.#declarations.set(`${declaration.type} ${declaration.version}`, declaration);
      const newest = this.#declarations.get(declaration.type);
      if (!newest || newest.version < declaration.version)
        this.#declarations.set(declaration.type, declaration);
    }
  }

  get names(): string[] {
    return [...this.#structures.keys()].sort();
  }

  /** @throws WarehouseError `event_unknown` */
  declaration(event: Pick<Event, 'type' | 'version' | 'position'>): EventDeclaration {
    const found =
      this.#declarations.get(`${event.type} ${event.version}`) ?? this.#declarations.get(event.type);
    if (!found)
      throw new WarehouseError('event_unknown', { detail: `${event.type} at position ${event.position}.` });
    return found;
  }

  /** Of a staging row, as a file holds it. */
  typedColumns(type: string): string {
    return `position, id::UUID AS id, version, key, occurred_at, recorded_at, actor, ${this.#payload(type)} AS payload`;
  }

  #payload(type: string): string {
    const structure = this.#structures.get(type) ?? 'JSON';
    return structure === 'JSON'
      ? 'payload::JSON'
      : `from_json(payload, ${literal(JSON.stringify(structure))})`;
  }

  /** A type's view: its envelope, then every field of its payload; one that is named like an envelope column gets a `payload_` in front. */
  viewColumns(type: string): string {
    const structure = this.#structures.get(type) ?? 'JSON';
    if (typeof structure !== 'object' || Array.isArray(structure)) return [...ENVELOPE, 'payload'].join(', ');
    const taken = new Set<string>(ENVELOPE);
    const fields = Object.keys(structure).map((field) => {
      const name = taken.has(field.toLowerCase()) ? `payload_${field}` : field;
      return `payload.${identifier(field)} AS ${identifier(name)}`;
    });
    return [...ENVELOPE, ...fields].join(', ');
  }
}

/** The view of an event type: `sales_recorded`. */
export function viewName(type: string): string {
  return type.replaceAll(/[^a-zA-Z0-9]+/g, '_');
}
