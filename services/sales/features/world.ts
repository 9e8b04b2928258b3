/** What the judgement of sales depends on besides them: the organisation, the clock, known zones. */
import { type Database, EVERYTHING } from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import type { World } from './prepare-sale.ts';

const zones = new WeakMap<Database, Promise<Set<string>>>();

/** The world as a request finds it. @param reach what its sender may record; everything unless said */
export async function worldOf(context: ServiceContext, reach = EVERYTHING): Promise<World> {
  const { zone, currency } = await context.organisation();
  // The system's: one for all requests, which read the list once.
  const names = await knownZones(context.system);
  const within = reach.all ? null : reach;
  return { zone, currency, clock: context.clock, within, knowsZone: (name) => names.has(name) };
}

/** PostgreSQL's own list: a zone that only Node knows would fail a whole batch. Read once. */
function knownZones(db: Database): Promise<Set<string>> {
  let known = zones.get(db);
  if (!known) {
    known = db
      .query<{ name: string }>('SELECT name FROM pg_timezone_names')
      .then((answer) => new Set(answer.rows.map((row) => row.name)));
    known.catch(() => zones.delete(db));
    zones.set(db, known);
  }
  return known;
}
