/**
 * The typed client of an api: for pages, other services and the CLI. Runs in the browser too.
 */
import type { Fault } from './errors.ts';
import type { Api, CallInput, CallOutput, Route } from './routes.ts';

export interface ClientOptions {
  /** Before `/api`: `http://127.0.0.1:8000`, or empty for the page's own origin. */
  url?: string;
  headers?: Record<string, string>;
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

type Call<R extends Route> = keyof CallInput<R> extends never
  ? (input?: Record<string, never>, options?: CallOptions) => Promise<CallOutput<R>>
  : (input: CallInput<R>, options?: CallOptions) => Promise<CallOutput<R>>;

export type Client<A extends Api> = { [Name in keyof A]: Call<A[Name]> };

/** An answer that tells of an error. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly faults: readonly Fault[];
  readonly requestId: string | undefined;

  constructor(problem: {
    status: number;
    code: string;
    detail: string;
    remedy: string;
    faults?: readonly Fault[];
    requestId?: string;
  }) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.remedy = problem.remedy;
    this.faults = problem.faults ?? [];
    this.requestId = problem.requestId;
  }
}

/**
 * Makes a client with a method per route.
 *
 * @throws ApiError for any answer of status 400 and above, and when nobody answers (status 0, `unreachable`)
 * @example
 *   const sales = createClient(salesApi, { url, headers: { authorization: `Bearer ${key}` } });
 *   await sales.recordSale({ body: sale });
 */
export function createClient<A extends Api>(api: A, options: ClientOptions = {}): Client<A> {
  const client: Record<string, unknown> = {};
  for (const [name, route] of Object.entries(api)) {
    client[name] = (input: CallParts = {}, call: CallOptions = {}) => send(route, input, call, options);
  }
  return client as Client<A>;
}

interface CallParts {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** The address of a call: path with its parameters filled in, and the query. */
export function addressOf(route: Route, input: CallParts = {}): string {
  const path = route.path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(String(input.params?.[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      query.append(name, each instanceof Date ? each.toISOString() : String(each));
    }
  }
  const search = query.toString();
  return `/api${path}${search ? `?${search}` : ''}`;
}

async function send(
  route: Route,
  input: CallParts,
  call: CallOptions,
  options: ClientOptions,
): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers, ...call.headers };
  const init: RequestInit = { method: route.method, headers, signal: call.signal };
  if (input.body !== undefined) {
    headers['content-type'] ??= 'application/json';
    init.body =
      headers['content-type'] === 'application/json' ? JSON.stringify(input.body) : (input.body as BodyInit);
  }
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(`${options.url ?? ''}${addressOf(route, input)}`, init);
  } catch (cause) {
    if ((cause as Error).name === 'AbortError') throw cause;
    throw new ApiError({
      status: 0,
      code: 'unreachable',
      detail: 'The server cannot be reached.',
      remedy: 'Check your connection; it is tried again by itself.',
    });
  }
  if (response.status >= 400) throw await errorOf(response);
  if (response.status === 204) return undefined;
  const schema = route.responses[response.status];
  if (typeof schema === 'object') return schema.parse(await response.json());
  return response;
}

async function errorOf(response: Response): Promise<ApiError> {
  try {
    return new ApiError(await response.json());
  } catch {
    return new ApiError({
      status: response.status,
      code: 'unexpected',
      detail: `The server answered ${response.status}.`,
      remedy: 'Try again.',
    });
  }
}
