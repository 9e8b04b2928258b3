/** Payloads as the lake may hold them: it knows people by random pseudonyms only. */
import type { Event, EventDeclaration } from './declarations.ts';

/** The ids of people that a payload holds at the paths (`agentId`, `shares.*.agentId`). */
export function peopleIn(payload: unknown, paths: readonly string[]): string[] {
  const ids: string[] = [];
  for (const path of paths) replaceAt(payload, path.split('.'), (id) => ids.push(id));
  return ids;
}

/** @param pseudonyms by id; a person without one becomes null */
export function lakePayload(
  event: Event,
  declaration: EventDeclaration,
  pseudonyms: ReadonlyMap<string, string | null>,
): unknown {
  let payload = event.payload as unknown;
  if (declaration.personal?.length) {
    payload = { ...(payload as object) };
    for (const field of declaration.personal) delete (payload as { [field: string]: unknown })[field];
  }
  for (const path of declaration.people ?? [])
    payload = replaceAt(payload, path.split('.'), (id) => pseudonyms.get(id) ?? null);
  return payload;
}

/** A copy (as far as it differs) with every text at the path replaced. */
function replaceAt(value: unknown, path: string[], replace: (id: string) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? replace(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return step === '*' ? value.map((each) => replaceAt(each, rest, replace)) : value;
  const steps = step === '*' ? Object.keys(value) : step in value ? [step] : [];
  const copy = { ...(value as { [field: string]: unknown }) };
  for (const name of steps) copy[name] = replaceAt(copy[name], rest, replace);
  return copy;
}
