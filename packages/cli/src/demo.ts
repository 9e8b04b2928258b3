/**
 * The demo data of a first start, and what the database remembers about it.
 *
 * States of `moonbase.installation.demo`: absent → `filling` → `filled`, or `none` where none was wanted.
 * A start that finds `filling` was cut short at a time when nobody could have signed in: an embedded
 * database is then made anew, so that the data are the same as if nothing had happened.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '@moonbase/data';
import type { Host, Service } from '@moonbase/service';

export type DemoState = 'filling' | 'filled' | 'none' | undefined;

const TABLE = `
  CREATE SCHEMA IF NOT EXISTS moonbase;
  CREATE TABLE IF NOT EXISTS moonbase.installation (
    name text PRIMARY KEY, value text NOT NULL, since timestamptz NOT NULL DEFAULT now());`;

/** @param owner a database opened with `role: 'owner'` */
export async function demoState(owner: Database): Promise<DemoState> {
  await owner.query(TABLE);
  const found = await owner.query<{ value: DemoState }>(
    `SELECT value FROM moonbase.installation WHERE name = 'demo'`,
  );
  return found.rows[0]?.value;
}

export async function rememberDemo(owner: Database, state: Exclude<DemoState, undefined>): Promise<void> {
  await owner.query(
    `INSERT INTO moonbase.installation (name, value) VALUES ('demo', $1)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, since = now()`,
    [state],
  );
}

/** Whether an earlier start ended while it filled the demo data. */
export async function wasCutShort(url: string): Promise<boolean> {
  const owner = new Database({ url, role: 'owner', connections: 1 });
  try {
    return (await demoState(owner)) === 'filling';
  } finally {
    await owner.close();
  }
}

/** Makes the embedded database anew, empty, together with the files that were made from it. */
export async function makeAnew(url: string, dataFolder: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const server = new Database({ url: url.replace(/\/[^/]*$/, '/postgres'), role: 'owner', connections: 1 });
  try {
    await server.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await server.query(`CREATE DATABASE "${name}"`);
  } finally {
    await server.close();
  }
  for (const folder of ['lake', 'files']) {
    await rm(join(dataFolder, folder), { recursive: true, force: true });
  }
}

/** Those first whose events others react to; a circle is cut where it closes. */
export function inOrderOfEvents(services: readonly Service[]): Service[] {
  const ordered: Service[] = [];
  const visit = (service: Service, from: readonly Service[]) => {
    if (ordered.includes(service) || from.includes(service)) return;
    const heard = new Set(
      Object.values(service.reactions ?? {}).flatMap(({ on }) => on.map(({ type }) => type)),
    );
    for (const other of services) {
      if (other.events?.some(({ type }) => heard.has(type))) visit(other, [...from, service]);
    }
    ordered.push(service);
  };
  for (const service of services) visit(service, []);
  return ordered;
}

/** Fills each service's demo data, in an order in which those come first that others listen to. */
export async function fillDemo(
  services: readonly Service[],
  host: Pick<Host, 'context' | 'events'>,
  interruption: AbortSignal,
): Promise<void> {
  for (const service of inOrderOfEvents(services)) {
    interruption.throwIfAborted();
    await service.seed?.(host.context(service.name));
    // What the next ones know of these, they know from their events.
    await host.events.drained();
  }
}
