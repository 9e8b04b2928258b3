/** People by a part of their name or address, for requests about personal data. */
import type { ServiceContext, Subject } from '@moonbase/service';
import { type PersonRow, selectPeople } from './person-rows.ts';

export async function findPersonSubjects(search: string, { db }: ServiceContext): Promise<Subject[]> {
  const found = await db.query<PersonRow>(
    `${selectPeople} AND (strpos(lower(p.name), lower($1)) > 0 OR strpos(lower(p.email), lower($1)) > 0)
     ORDER BY lower(p.name), p.id LIMIT 20`,
    [search],
  );
  return found.rows.map(({ id, name, email }) => ({ kind: 'person', title: name, detail: email, ids: [id] }));
}
