/**
 * Every event delivered twice and late, as after a crash between effect and commit: the first time that a
 * reaction gets an event, it does all it would, and then its connection is ended by the server, before the
 * commit. What it did must be gone; the second delivery comes later, and must count once.
 */
import { Database } from '@moonbase/data';
import type { Reaction, Service } from '@moonbase/service';

/** @param databaseUrl as whoever may end the hosts' connections */
export function deliverTwice(services: readonly Service[], databaseUrl: string): Service[] {
  const owner = new Database({ url: databaseUrl, role: 'owner', connections: 1, name: 'chaos' });
  return services.map((service) => ({
    ...service,
    reactions: Object.fromEntries(
      Object.entries(service.reactions ?? {}).map(([name, reaction]) => [name, twice(reaction, owner)]),
    ),
  }));
}

function twice(reaction: Reaction, owner: Database): Reaction {
  const seen = new Set<string>();
  return {
    ...reaction,
    handle: async (events, tx, context) => {
      const fresh = events.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      if (fresh.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await reaction.handle(events, tx, context);
      if (fresh.length === 0) return;
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await owner.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    },
  };
}
