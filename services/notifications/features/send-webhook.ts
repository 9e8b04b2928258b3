/**
 * Webhooks: a POST of JSON, signed with the endpoint's secret over time and body, so that the receiver can
 * tell who sent it and that it is not an old one sent again.
 *
 *   Moonbase-Delivery: <id>, the same over all attempts
 *   Moonbase-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">
 */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { readSecret } from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import { webhookSetting } from '../settings.ts';
import { AddressRefused, checkHost, publicLookup } from './check-address.ts';
import type { Claimed } from './deliver.ts';
import { Undeliverable } from './deliver.ts';
import { ENDPOINT_SECRETS } from './keep-endpoints.ts';

const TIMEOUT_MS = 10_000;

/** The signature of a body at a time, as the header carries it. */
export function sign(secret: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/** @throws Undeliverable when the endpoint is gone, paused, refused or answers 410; Error for any other failure */
export async function sendWebhook(
  context: ServiceContext,
  claimed: Claimed,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock } = context;
  const answer = await db.query<{ url: string; secret: string; active: boolean }>(
    'SELECT url, secret, active FROM notifications.endpoints WHERE id = $1',
    [claimed.endpointId],
  );
  const [endpoint] = answer.rows;
  if (!endpoint) throw new Undeliverable('The webhook was removed.');
  if (!endpoint.active) throw new Undeliverable('The webhook is paused.');
  const { allowPrivateAddresses } = await context.setting('webhooks', webhookSetting);
  const place = { purpose: ENDPOINT_SECRETS.purpose, row: claimed.endpointId! };
  const secret = await readSecret(db, place, endpoint.secret);
  const { id, kind, subject, body, link, agentId, personId, createdAt } = claimed;
  const content = JSON.stringify({
    id,
    kind,
    subject,
    body,
    link,
    agentId,
    personId,
    at: createdAt.toISOString(),
  });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
    'user-agent': 'Moonbase',
    'moonbase-delivery': id,
    'moonbase-signature': sign(secret, content, clock.now()),
  };
  const status = await post(new URL(endpoint.url), headers, content, allowPrivateAddresses, signal).catch(
    (error: unknown) => {
      if (error instanceof AddressRefused) throw new Undeliverable(error.message);
      throw new Error(`The webhook could not be reached: ${(error as Error).message}`, { cause: error });
    },
  );
  if (status === 410) throw new Undeliverable('The webhook answered 410: it is gone.');
  if (status < 200 || status > 299) throw new Error(`The webhook answered ${status}.`);
}

/** @returns the status; redirects are not followed, the answer's body is not read */
function post(
  url: URL,
  headers: Record<string, string | number>,
  content: string,
  anywhere: boolean,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    if (!anywhere) checkHost(url.hostname);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(
      url,
      {
        method: 'POST',
        headers,
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        ...(!anywhere && { lookup: publicLookup }),
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    request.on('error', reject);
    request.end(content);
  });
}
