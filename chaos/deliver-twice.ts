/**
 * Every event delivered twice and late, as after a crash between effect and commit: the first time that a
 * reaction gets an event, it does all it would, and that is undone. What it did must be gone; the second
 * delivery must count once.
 *
 * Undone by turns: the server ends the connection before the commit; or, since a consumer that is cut off
 * every time would never come through a load that goes on, everything is rolled back to where it began.
 */
import { Database } from '@moonbase/data';
import type { Reaction, Service } from '@moonbase/service';
import { pause } from './wait.ts';

/**
 * @param databaseUrl as whoever may end the hosts' connections
 * @param told of every second delivery
 */
export function deliverTwice(
  services: readonly Service[],
  databaseUrl: string,
  told: () => void = () => {},
): Service[] {
  const owner = new Database({ url: databaseUrl, role: 'owner', connections: 1, name: 'chaos' });
  return services.map((service) => ({
    ...service,
    reactions: Object.fromEntries(
      Object.entries(service.reactions ?? {}).map(([name, reaction]) => [name, twice(reaction, owner, told)]),
    ),
  }));
}

function twice(reaction: Reaction, owner: Database, told: () => void): Reaction {
  const seen = new Set<string>();
  let cut = false;
  return {
    ...reaction,
    handle: async (events, tx, context) => {
      const fresh = events.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      if (fresh.length > 0) {
        await pause(20);
        await tx.query('SAVEPOINT first_delivery');
        await reaction.handle(events, tx, context);
        cut = !cut;
        if (cut) {
          const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
          await owner.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
        }
        await tx.query('ROLLBACK TO SAVEPOINT first_delivery');
      }
      told();
      await reaction.handle(events, tx, context);
    },
  };
}
