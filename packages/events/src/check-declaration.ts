/** What types can't check of a declaration; once for each. */
import { z } from 'zod';
import type { EventDeclaration } from './declarations.ts';
import { EventsError } from './errors.ts';

const checked = new WeakSet<EventDeclaration>();

/** @throws EventsError `invalid_declaration` */
export function checkDeclaration(declaration: EventDeclaration): void {
  if (checked.has(declaration)) return;
  const refuse = (detail: string): never => {
    throw new EventsError('invalid_declaration', { detail: `${declaration.type}: ${detail}` });
  };
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(declaration.type)) refuse('its type is not `noun.fact`.');
  if (!Number.isInteger(declaration.version) || declaration.version < 1)
    refuse('its version is not 1, 2, 3 ….');
  for (const field of declaration.personal ?? []) {
    if (!(declaration.payload instanceof z.ZodObject)) refuse('only an object can have personal fields.');
    const schema = (declaration.payload as z.ZodObject).shape[field] as z.ZodType | undefined;
    if (!schema) refuse(`its personal field ${field} is not in its payload.`);
    else if (!schema.safeParse(null).success)
      refuse(`its personal field ${field} must accept null: it is null once the person is erased.`);
  }
  checked.add(declaration);
}
