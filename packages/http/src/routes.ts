/**
 * The declaration of routes: what `api.ts` of a service is made of. Only types live here, so that a
 * page can import an `api.ts` without pulling a server along.
 */
import type { z } from 'zod';

/** `noun:verb`, as `sales:write`. */
export type Permission = `${string}:${string}`;

/** Who may call a route: anyone, anyone signed in, or whoever holds the permission. */
export type Allow = 'public' | 'signed-in' | Permission;

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`, parameters as `:id`. */
  path: `/${string}`;
  /** One line for the API's reference. */
  summary: string;
  allow: Allow;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** JSON body. */
  body?: z.ZodType;
  /** Other bodies the route takes as a stream of bytes (`request.stream`), as `text/csv`. */
  streams?: readonly string[];
  /** Answers by status: a zod schema for JSON, or a media type for anything else (`text/csv`). */
  responses: Record<number, z.ZodType | string>;
  /** Codes of the service's error table that this route may answer with. */
  errors?: readonly string[];
  /** Largest body in bytes; 1 MiB unless said. */
  bodyLimit?: number;
  /** A POST that creates takes an `Idempotency-Key` header unless this says `false` and why not. */
  idempotency?: false;
}

export type Api = Record<string, Route>;

type Out<T> = T extends z.ZodType ? z.output<T> : undefined;
type In<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What a handler of the route receives after validation. */
export interface RouteInput<R extends Route> {
  params: Out<R['params']>;
  query: Out<R['query']>;
  body: Out<R['body']>;
}

/** What a caller sends. */
export type CallInput<R extends Route> = (R extends { params: z.ZodType }
  ? { params: In<R['params']> }
  : object) &
  (R extends { query: z.ZodType } ? { query?: In<R['query']> } : object) &
  (R extends { body: z.ZodType } ? { body: In<R['body']> } : object);

type Success<R extends Route> = {
  [S in keyof R['responses']]: S extends 200 | 201 | 202 | 204 | 207 ? R['responses'][S] : never;
}[keyof R['responses']];

/** What a caller gets: the parsed JSON of any success status. */
export type CallOutput<R extends Route> =
  Success<R> extends infer T ? (T extends z.ZodType ? z.output<T> : Response) : never;

/** What a handler answers with: `{status, body}` of one of the declared statuses. */
export type RouteAnswer<R extends Route> = {
  [S in keyof R['responses'] & number]: {
    status: S;
    body: R['responses'][S] extends z.ZodType ? z.input<R['responses'][S]> : Body;
    headers?: Record<string, string>;
  };
}[keyof R['responses'] & number];

/** A body that isn't JSON. */
export type Body = string | Uint8Array | NodeJS.ReadableStream | AsyncIterable<string | Uint8Array>;
