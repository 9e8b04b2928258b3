/** What a handler, a reaction or a job is given to work with. */
import type { Clock, Database, Queryable, Reach } from '@moonbase/data';
import type { Route, RouteInput } from '@moonbase/http';
import type { Principal } from '@moonbase/identity';
import type { Logger } from '@moonbase/telemetry';
import type { Warehouse } from '@moonbase/warehouse';
import type { z } from 'zod';
import type { SettingDeclaration } from './declaration.ts';

export interface EnqueueOptions {
  /** Not before. */
  startAfter?: Date;
  /** At most one waiting or running job with this key. */
  singletonKey?: string;
}

export interface ServiceContext {
  /** Its service's name. */
  readonly service: string;
  /**
   * In a handler: limited to what the caller may see by the permission of the route; row policies hide all else.
   * In reactions, jobs, commands and seeds: the system's.
   */
  readonly db: Database;
  /** The system's database, for what a handler must see beyond its caller; each use says why. */
  readonly system: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly warehouse: Warehouse;
  /** Enqueues a job of this service in the caller's transaction: it exists if the transaction commits. */
  enqueue(tx: Queryable, job: string, input: unknown, options?: EnqueueOptions): Promise<string>;
  /** A setting's value, at most a second old. */
  setting<S extends z.ZodType>(name: string, declaration: SettingDeclaration<S>): Promise<z.output<S>>;
  /** The organisation: its name, IANA zone for business days, and reporting currency (ISO 4217). */
  organisation(): Promise<Organisation>;
}

export interface Organisation {
  name: string;
  zone: string;
  currency: string;
}

export interface RouteRequest<R extends Route> extends RouteInput<R> {
  principal: Principal;
  /** What the caller may see by the permission of the route; `context.db` holds the handler to it. */
  reach: Reach;
  /** Of this request: `X-Request-Id`, or a new one. */
  id: string;
  ip: string;
  /** It came by https: to us, or to the proxy in front. */
  secure: boolean;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as bytes, where the route takes `streams` and the request is of such a type. */
  stream?: { type: string; body: AsyncIterable<Uint8Array> };
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
}
