/** The privacy notice: what the organisation says about itself, in versions; the rest follows from the marks. */
import type { Database } from '@moonbase/data';
import type { z } from 'zod';
import type { Service } from '../declaration.ts';
import { type PersonalData, subjectKinds, wordsOf } from '../personal.ts';
import { purposesOf } from './consents.ts';
import type { Notice, NoticeContent, RegisterEntry } from './privacy-api.ts';

type Content = z.output<typeof NoticeContent>;

/** Until somebody publishes one. */
const comesWithMoonbase = (organisation: string): Content => ({
  controller: organisation,
  address: '',
  contact: 'Ask an administrator of this installation',
  officer: '',
  officerContact: '',
  authority: '',
  text: '',
});

/** Every table with personal data of somebody. */
export function registerOf(
  services: readonly Service[],
  marks: ReadonlyMap<string, PersonalData>,
): z.input<typeof RegisterEntry>[] {
  const titles = new Map(services.map(({ name, title }) => [name, title]));
  return [...marks].flatMap(([schema, { tables }]) =>
    Object.entries(tables).map(([table, { purpose, basis, kept, of, columns }]) => ({
      service: titles.get(schema) ?? 'Moonbase',
      table: `${schema}.${table}`,
      purpose,
      basis,
      kept,
      whose: subjectKinds.filter((kind) => of[kind] !== undefined),
      columns: wordsOf(columns),
    })),
  );
}

export async function readNotice(
  db: Database,
  services: readonly Service[],
  marks: ReadonlyMap<string, PersonalData>,
  organisation: string,
): Promise<z.input<typeof Notice>> {
  const latest = await db.query<{ version: number; content: Content; published_at: Date }>(
    'SELECT version, content, published_at FROM privacy.notices ORDER BY version DESC LIMIT 1',
  );
  const row = latest.rows[0];
  return {
    version: row?.version ?? 0,
    publishedAt: row?.published_at ?? null,
    content: row?.content ?? comesWithMoonbase(organisation),
    processing: registerOf(services, marks).map(({ table: _table, columns: _columns, ...entry }) => entry),
    purposes: purposesOf(services).map(({ assumed: _assumed, ...purpose }) => purpose),
  };
}

export async function publishNotice(db: Database, content: Content, actor: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('privacy.notices'))`);
    await tx.query(
      `INSERT INTO privacy.notices (version, content, published_by, published_at)
       SELECT coalesce(max(version), 0) + 1, $1, $2, $3 FROM privacy.notices`,
      [JSON.stringify(content), actor, now],
    );
  });
}

export async function listNotices(db: Database) {
  const all = await db.query<{ version: number; content: Content; publishedBy: string; publishedAt: Date }>(
    `SELECT version, content, published_by AS "publishedBy", published_at AS "publishedAt"
       FROM privacy.notices ORDER BY version DESC`,
  );
  return all.rows;
}
