/** Webhooks: people have their own; those of the organisation are kept by whoever may send. */
import { randomBytes } from 'node:crypto';
import {
  type Database,
  encryptSecret,
  newId,
  type Queryable,
  type SecretColumn,
  sealColumn,
} from '@moonbase/data';
import { can, type Principal } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import type { Endpoint } from '../schema.ts';
import { webhookSetting } from '../settings.ts';
import { AddressRefused, checkHost } from './check-address.ts';
import { mine } from './list-inbox.ts';

const columns = 'id, url, person_id AS "personId", kinds, active, created_at AS "createdAt"';
/** A condition on `$1` and `$2`: one's own, and the organisation's for those who may send. */
const reachable = '(person_id = $1 OR (person_id IS NULL AND $2))';

function reach(principal: Principal): [person: string | null, organisation: boolean] {
  return [mine(principal)[0], can(principal, 'notifications:write')];
}

type Row = Omit<Endpoint, 'createdAt'> & { createdAt: Date };

function toEndpoint(row: Row): Endpoint {
  return { ...row, createdAt: row.createdAt.toISOString() };
}

/** Where the secrets lie, encrypted: they sign, so they must stay readable. */
export const ENDPOINT_SECRETS: SecretColumn = {
  purpose: 'notifications.endpoints',
  table: 'notifications.endpoints',
  id: 'id',
  column: 'secret',
};

const sealSecret = (db: Queryable, id: string, secret: string) =>
  encryptSecret(db, { purpose: ENDPOINT_SECRETS.purpose, row: id }, secret);

/** Encrypts what a release before encryption left in the clear. */
export async function sealEndpointSecrets({ db }: { db: Database }): Promise<void> {
  await sealColumn(db, ENDPOINT_SECRETS);
}

/** Signs from now on: 32 random bytes. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

/** Says early what delivery would say late. @throws CodedError `address_refused` */
async function checkUrl(context: ServiceContext, url: string | undefined): Promise<void> {
  if (url === undefined) return;
  const { allowPrivateAddresses } = await context.setting('webhooks', webhookSetting);
  if (allowPrivateAddresses) return;
  try {
    checkHost(new URL(url).hostname);
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw notificationsError('address_refused', { faults: [{ at: '/url', message: error.message }] });
  }
}

export const listEndpoints: Handler<typeof notificationsApi.listEndpoints> = async (
  { principal },
  { db },
) => {
  const answer = await db.query<Row>(
    `SELECT ${columns} FROM notifications.endpoints WHERE ${reachable} ORDER BY created_at, id`,
    reach(principal),
  );
  return { status: 200, body: { items: answer.rows.map(toEndpoint) } };
};

export const addEndpoint: Handler<typeof notificationsApi.addEndpoint> = async (
  { body, principal },
  context,
) => {
  const [person, organisation] = reach(principal);
  if (body.own && !person) throw notificationsError('not_a_person');
  if (!body.own && !organisation) throw notificationsError('endpoint_forbidden');
  await checkUrl(context, body.url);
  const [id, secret] = [newId(), newSecret()];
  const sealed = await sealSecret(context.db, id, secret);
  const answer = await context.db.query<Row>(
    `INSERT INTO notifications.endpoints (id, url, secret, person_id, kinds, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${columns}`,
    [id, body.url, sealed, body.own ? person : null, body.kinds, context.clock.now()],
  );
  return { status: 201, body: { ...toEndpoint(answer.rows[0]!), secret } };
};

export const changeEndpoint: Handler<typeof notificationsApi.changeEndpoint> = async (
  { params, body, principal },
  context,
) => {
  await checkUrl(context, body.url);
  const answer = await context.db.query<Row>(
    `UPDATE notifications.endpoints SET url = COALESCE($4, url), kinds = COALESCE($5, kinds),
       active = COALESCE($6, active) WHERE ${reachable} AND id = $3 RETURNING ${columns}`,
    [...reach(principal), params.id, body.url ?? null, body.kinds ?? null, body.active ?? null],
  );
  return { status: 200, body: toEndpoint(found(answer.rows[0])) };
};

export const renewSecret: Handler<typeof notificationsApi.renewSecret> = async (
  { params, principal },
  { db },
) => {
  const secret = newSecret();
  const answer = await changeOne(
    db,
    `UPDATE notifications.endpoints SET secret = $4`,
    principal,
    params.id,
    await sealSecret(db, params.id, secret),
  );
  found(answer);
  return { status: 200, body: { secret } };
};

export const removeEndpoint: Handler<typeof notificationsApi.removeEndpoint> = async (
  { params, principal },
  { db },
) => {
  found(await changeOne(db, 'DELETE FROM notifications.endpoints', principal, params.id));
  return { status: 200, body: { removed: true } };
};

async function changeOne(
  db: Queryable,
  statement: string,
  principal: Principal,
  id: string,
  ...more: unknown[]
) {
  const answer = await db.query<{ id: string }>(`${statement} WHERE ${reachable} AND id = $3 RETURNING id`, [
    ...reach(principal),
    id,
    ...more,
  ]);
  return answer.rows[0];
}

function found<T>(row: T | undefined): T {
  if (row === undefined) throw notificationsError('endpoint_unknown');
  return row;
}
