/** `moon privacy check <kind> <id>`: what is left of somebody who was erased. */
import type { Database } from '@moonbase/data';
import { leftOf, marksOf, type Service, type SubjectKind } from '@moonbase/service';
import { runInWorld } from '../command-world.ts';
import type { Environment } from '../environment.ts';
import { Failure } from '../failure.ts';
import { findServices } from '../find-services.ts';

const kinds: readonly string[] = ['person', 'agent', 'policyholder'] satisfies SubjectKind[];

/** @returns whether nothing is left */
export async function checkErased(
  kind: string,
  id: string,
  dataFolder: string,
  environment: Environment,
): Promise<boolean> {
  if (!kinds.includes(kind))
    throw new Failure(`${kind} is nobody's kind.`, `It is one of: ${kinds.join(', ')}.`);
  const services = await findServices();
  let clean = false;
  await runInWorld({ dataFolder, services, environment }, async ({ database, print }) => {
    const lines = await findLeft(await database(), services, kind as SubjectKind, id);
    clean = lines.length === 0;
    for (const line of lines) print(line);
    if (clean) print('Nothing is left.');
  });
  return clean;
}

/** What is left, in words; empty: nothing. */
export async function findLeft(
  db: Database,
  services: readonly Service[],
  kind: SubjectKind,
  id: string,
): Promise<string[]> {
  const erased = await db.query('SELECT FROM events.subjects WHERE id = $1 AND erased_at IS NOT NULL', [id]);
  return [
    ...(erased.rowCount ? [] : [`The key of ${kind} ${id} was not deleted: nobody erased it.`]),
    ...(await leftOf(db, marksOf(services), kind, id)),
  ];
}
