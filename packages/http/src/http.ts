/** HTTP: declared routes, problem documents, OpenAPI, paging, idempotency keys, the server. */
export { Problem } from './answer.ts';
export { CodedError, type ErrorRow, type ErrorTable, errorsOf, type Fault } from './errors.ts';
export { type FailedRequest, failedRequests } from './failed-requests.ts';
export { httpError } from './http-errors.ts';
export { forgetIdempotencyKeys, httpMigrations, Idempotency } from './idempotency.ts';
export { openApi } from './open-api.ts';
export { decodeCursor, encodeCursor } from './paging.ts';
export type {
  Allow,
  Api,
  Body,
  CallInput,
  CallOutput,
  Permission,
  Route,
  RouteAnswer,
  RouteInput,
} from './routes.ts';
export { serveConsole } from './serve-console.ts';
export { serveReference } from './serve-reference.ts';
export {
  closeGently,
  createServer,
  identify,
  type ServedService,
  type ServerAnswer,
  type ServerOptions,
  type ServerRequest,
} from './server.ts';
