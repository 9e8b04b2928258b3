/** The text of each kind: the one that Moonbase comes with, or one that somebody wrote. */
import type { Queryable } from '@moonbase/data';
import type { Fault } from '@moonbase/http/errors';
import type { Handler } from '@moonbase/service';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import { type Kind, kind, type Template } from '../schema.ts';
import { examplesOf, kinds } from './kinds.ts';
import { oneLine, renderTemplate, unknownPlaceholders } from './render-template.ts';

async function readTemplates(db: Queryable): Promise<Template[]> {
  const answer = await db.query<{ kind: string; subject: string; body: string }>(
    'SELECT kind, subject, body FROM notifications.templates',
  );
  return kind.options.map((kind) => {
    const { title, summary, subject, body, placeholders } = kinds[kind];
    const written = answer.rows.find((row) => row.kind === kind);
    const meanings = Object.entries(placeholders).map(([name, [meaning]]) => [name, meaning]);
    return {
      ...{ kind, title, summary },
      ...{ subject: written?.subject ?? subject, body: written?.body ?? body },
      placeholders: Object.fromEntries(meanings),
      changed: written !== undefined,
    };
  });
}

async function readTemplate(db: Queryable, of: Kind): Promise<Template> {
  const all = await readTemplates(db);
  return all.find((template) => template.kind === of)!;
}

export const listTemplates: Handler<typeof notificationsApi.listTemplates> = async (_request, { db }) => ({
  status: 200,
  body: { items: await readTemplates(db) },
});

/** Texts are checked when they are written, so that none goes out with a hole in it. */
export const putTemplate: Handler<typeof notificationsApi.putTemplate> = async ({ params, body }, { db }) => {
  const { placeholders } = kinds[params.kind];
  const faultsIn = (field: 'subject' | 'body'): Fault[] =>
    unknownPlaceholders(body[field], placeholders).map((name) => ({
      at: `/${field}`,
      message: `{{${name}}} is not known: there are ${Object.keys(placeholders).join(', ')}.`,
    }));
  const faults = [...faultsIn('subject'), ...faultsIn('body')];
  if (faults.length > 0) throw notificationsError('placeholder_unknown', { faults });
  await db.query(
    `INSERT INTO notifications.templates (kind, subject, body) VALUES ($1, $2, $3)
     ON CONFLICT (kind) DO UPDATE SET subject = EXCLUDED.subject, body = EXCLUDED.body`,
    [params.kind, body.subject, body.body],
  );
  return { status: 200, body: await readTemplate(db, params.kind) };
};

export const resetTemplate: Handler<typeof notificationsApi.resetTemplate> = async ({ params }, { db }) => {
  await db.query('DELETE FROM notifications.templates WHERE kind = $1', [params.kind]);
  return { status: 200, body: await readTemplate(db, params.kind) };
};

export const previewTemplate: Handler<typeof notificationsApi.previewTemplate> = async (
  { params, body },
  context,
) => {
  const { placeholders } = kinds[params.kind];
  const { name } = await context.organisation();
  const values = { ...examplesOf(params.kind), organisation: name };
  return {
    status: 200,
    body: {
      subject: oneLine(renderTemplate(body.subject, values)),
      body: renderTemplate(body.body, values),
      unknown: unknownPlaceholders(`${body.subject}\n${body.body}`, placeholders),
    },
  };
};
