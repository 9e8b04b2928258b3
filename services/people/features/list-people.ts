/** People by name, a page at a time. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { peopleApi } from '../api.ts';
import { type PersonRow, personOf, readRow, selectPeople } from './person-rows.ts';

const place = z.tuple([z.string(), z.uuid()]);

export const listPeople: Handler<typeof peopleApi.listPeople> = async ({ query }, { db }) => {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const value = (of: unknown) => `$${values.push(of)}`;
  if (query.search) {
    const text = value(query.search.toLowerCase());
    conditions.push(`(strpos(lower(p.name), ${text}) > 0 OR strpos(p.email, ${text}) > 0)`);
  }
  if (query.role) conditions.push(`${value(query.role)} = ANY(p.roles)`);
  if (query.active !== undefined) conditions.push(`p.active = ${value(query.active)}`);
  if (query.cursor) {
    const [name, id] = decodeCursor(place, query.cursor);
    conditions.push(`(lower(p.name), p.id) > (${value(name)}, ${value(id)}::uuid)`);
  }
  const answer = await db.query<PersonRow>(
    `${selectPeople} ${conditions.map((each) => `AND ${each}`).join(' ')}
     ORDER BY lower(p.name), p.id LIMIT ${value(query.limit + 1)}`,
    values,
  );
  const rows = answer.rows.slice(0, query.limit);
  const last = rows.at(-1);
  const next =
    answer.rows.length > query.limit && last ? encodeCursor(last.name.toLowerCase(), last.id) : null;
  return { status: 200, body: { items: rows.map(personOf), next } };
};

export const readPerson: Handler<typeof peopleApi.readPerson> = async ({ params }, { db }) => ({
  status: 200,
  body: personOf(await readRow(db, params.id)),
});
