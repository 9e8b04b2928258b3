/**
 * How an event's payload is stored in the lake: as typed, nested columns, derived from its zod schema, so
 * that a query reads only the fields it names.
 *
 * A structure is what DuckDB's `from_json` takes: a type name, `[element]` or `{field: …}`. What has no
 * fixed shape (records, mixed unions) stays JSON text.
 */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';

export type Structure = string | [Structure] | { [field: string]: Structure };

interface JsonSchema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  /** Set with `.meta({ lake: 'DECIMAL(19,4)' })` where the schema alone can't tell. */
  lake?: string;
}

/** The structure of all versions of one event type, without personal fields. */
export function lakeStructure(declarations: readonly EventDeclaration[]): Structure {
  return declarations.map(structureOfOne).reduce(merge);
}

function structureOfOne(declaration: EventDeclaration): Structure {
  const schema = z.toJSONSchema(declaration.payload, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const structure = structureOf(schema);
  if (typeof structure !== 'object' || Array.isArray(structure)) return structure;
  for (const field of declaration.personal ?? []) delete structure[field];
  // A pseudonym need not look like the id in whose place it stands.
  for (const path of declaration.people ?? []) setText(structure, path.split('.'));
  return Object.keys(structure).length > 0 ? structure : 'JSON';
}

function structureOf(schema: JsonSchema): Structure {
  if (schema.lake) return schema.lake;
  const choices = (schema.anyOf ?? schema.oneOf)?.filter((choice) => choice.type !== 'null');
  if (choices?.length) return choices.map(structureOf).reduce(merge);
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== 'null') : schema.type;
  if (type === 'string') return textType(schema.format);
  if (type === 'integer') return 'BIGINT';
  if (type === 'number') return 'DOUBLE';
  if (type === 'boolean') return 'BOOLEAN';
  if (type === 'array' && schema.items) return [structureOf(schema.items)];
  if (type === 'object' && schema.properties && Object.keys(schema.properties).length > 0)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, structureOf(field)]),
    );
  const literals = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  if (literals.length > 0 && literals.every((literal) => typeof literal === 'string')) return 'VARCHAR';
  return 'JSON';
}

function textType(format: string | undefined): string {
  if (format === 'uuid') return 'UUID';
  if (format === 'date-time') return 'TIMESTAMPTZ';
  return format === 'date' ? 'DATE' : 'VARCHAR';
}

function merge(one: Structure, other: Structure): Structure {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  if (typeof one === 'string' && typeof other === 'string') {
    const types = new Set([one, other]);
    if (types.has('BIGINT') && types.has('DOUBLE')) return 'DOUBLE';
    return types.has('VARCHAR') && (types.has('UUID') || types.has('DATE')) ? 'VARCHAR' : 'JSON';
  }
  if (Array.isArray(one) && Array.isArray(other)) return [merge(one[0], other[0])];
  if (typeof one === 'string' || typeof other === 'string' || Array.isArray(one) || Array.isArray(other))
    return 'JSON';
  const fields = { ...one };
  for (const [name, field] of Object.entries(other))
    fields[name] = name in fields ? merge(fields[name]!, field) : field;
  return fields;
}

function setText(structure: Structure, path: string[]): void {
  const [step, ...rest] = path;
  if (typeof structure === 'string' || step === undefined) return;
  if (Array.isArray(structure)) {
    if (step === '*' && rest.length === 0) structure[0] = 'VARCHAR';
    else if (step === '*') setText(structure[0], rest);
  } else if (step in structure) {
    if (rest.length === 0) structure[step] = 'VARCHAR';
    else setText(structure[step]!, rest);
  }
}
