/** Mail: over the server that SMTP_URL names, or kept in the outbox where none is set. */
import type { ServiceContext } from '@moonbase/service';
import { createTransport } from 'nodemailer';
import type { Claimed, Kept } from './deliver.ts';
import { Undeliverable } from './deliver.ts';
import { mailTransport } from './mail-transport.ts';

/** The mail server, or undefined. Read from the environment each time, since tests set it. */
export function mailServer(): { url: string; from: string } | undefined {
  const url = process.env.SMTP_URL;
  if (!url) return undefined;
  return { url, from: process.env.MAIL_FROM ?? 'Moonbase <moonbase@localhost>' };
}

/**
 * Hands the mail to the server.
 *
 * @returns the mail, where it is to be kept instead
 * @throws Undeliverable when there is no address, or the server refuses it for good; Error otherwise
 */
export async function sendMail(context: ServiceContext, claimed: Claimed): Promise<Kept | undefined> {
  const { name, email: address } = await findAddress(context, claimed);
  const { subject } = claimed;
  const body = letterOf(name, claimed.body, (await context.organisation()).name);
  const server = mailServer();
  if (!server) return { address, subject, body };
  const transport = createTransport(mailTransport(server.url, process.env.MOON_ALLOW_PLAINTEXT));
  try {
    await transport.sendMail({
      from: server.from,
      // As an object: an address is never parsed as a list of them.
      to: { name: '', address },
      subject,
      text: body,
      html: toHtml(body),
      messageId: `<${claimed.id}@moonbase>`,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } catch (error) {
    const {
      code,
      responseCode = 0,
      response,
    } = error as { code?: string; responseCode?: number; response?: string };
    if (code === 'EENVELOPE' && responseCode >= 500)
      throw new Undeliverable(`The mail server refused: ${response}`);
    throw new Error(`The mail server did not take it: ${(error as Error).message}`, { cause: error });
  } finally {
    transport.close();
  }
  return undefined;
}

/** Where the mail goes is looked up at the last moment: who was erased has no address any more. */
async function findAddress(
  { db }: ServiceContext,
  claimed: Claimed,
): Promise<{ name: string | null; email: string }> {
  const answer = await db.query<{ name: string | null; email: string | null }>(
    `SELECT name, email FROM notifications.people WHERE id = $1
     UNION ALL SELECT name, email FROM notifications.agents WHERE id = $2 AND $1::uuid IS NULL`,
    [claimed.personId, claimed.agentId],
  );
  const [row] = answer.rows;
  if (!row?.email) throw new Undeliverable('There is no address any more.');
  return { name: row.name, email: row.email };
}

/** What a mail has and a line in the console has not: a greeting and who writes. */
export function letterOf(name: string | null, body: string, organisation: string): string {
  return `Hello${name ? ` ${name}` : ''},\n\n${body}\n\n${organisation}\n`;
}

/** Paragraphs and line breaks, everything else as text. */
export function toHtml(body: string): string {
  const safe = body.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const paragraphs = safe
    .trim()
    .split(/\n{2,}/)
    .map((part) => `<p>${part.replaceAll('\n', '<br>')}</p>`);
  return `<!doctype html><html><body>${paragraphs.join('\n')}</body></html>`;
}
