/**
 * What every answer tells browsers: guess no types, be framed by nobody, give nothing to other sites, run only
 * what comes from here. Pages add the policy of their own kind; there is no `unsafe-inline` in any of them.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';

const closed = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const headers = Object.entries({
  // An answer that is opened as a page runs, loads and shows nothing.
  'content-security-policy': closed,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  // Answers are about people, so nothing keeps them; assets say otherwise.
  'cache-control': 'no-store',
});

/** A year, once the console was reached by https. */
const HSTS = 'max-age=31536000';

/** Sets the headers on the answer itself, so that streams that are written by hand carry them too. */
export function secureAnswer(request: FastifyRequest, response: ServerResponse): void {
  for (const [name, value] of headers) response.setHeader(name, value);
  if (request.protocol === 'https') response.setHeader('strict-transport-security', HSTS);
}

/**
 * The policy of the console's page. Libraries make style elements while it runs: they carry the nonce. Styles that
 * scripts set on elements need no permission.
 */
export function consolePolicy(nonce: string): string {
  return (
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; ` +
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
  );
}

/** The policy of the API's reference. */
export const referencePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
