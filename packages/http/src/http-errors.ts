import { errorsOf } from './errors.ts';

/** What is wrong with a request before the route's own rules are asked. */
export const httpError = errorsOf({
  not_json: {
    status: 400,
    message: 'The body is not JSON.',
    remedy: 'Correct it at the place named and send it again.',
  },
  not_utf8: {
    status: 400,
    message: 'The body is not UTF-8.',
    remedy: 'Encode it as UTF-8 and send it again.',
  },
  invalid: {
    status: 422,
    message: 'The request has fields that are missing, unknown or wrong.',
    remedy: 'Correct the fields named in faults; the reference is at /docs.',
  },
  unauthenticated: {
    status: 401,
    message: 'You are not signed in, or the key is not valid.',
    remedy: 'Sign in, or send a valid key as "Authorization: Bearer <key>".',
  },
  forbidden: {
    status: 403,
    message: 'You may not do this.',
    remedy: 'Ask an administrator for the permission named in detail.',
  },
  beyond_reach: {
    status: 403,
    message: 'This belongs to a team or branch that is not yours to change.',
    remedy: 'Choose one of your own, or ask an administrator.',
  },
  cross_site: {
    status: 403,
    message: 'The request comes from another site.',
    remedy: 'Send it from the console itself, or use an API key.',
  },
  not_found: {
    status: 404,
    message: 'There is nothing at this address.',
    remedy: 'Look up the address at /docs.',
  },
  method_not_allowed: {
    status: 405,
    message: 'The address does not take this method.',
    remedy: 'Look up the methods at /docs.',
  },
  too_large: { status: 413, message: 'The body is too large.', remedy: 'Send it in smaller parts.' },
  unsupported_type: {
    status: 415,
    message: 'The address does not take a body of this type.',
    remedy: 'Send application/json, or a type named at /docs for this address.',
  },
  cursor_invalid: {
    status: 422,
    message: 'The cursor is not one of ours.',
    remedy: 'Leave the cursor out to start at the first page.',
  },
  idempotency_key_invalid: {
    status: 422,
    message: 'The Idempotency-Key is not usable.',
    remedy: 'Send 1 to 200 visible ASCII characters, new for each new request.',
  },
  idempotency_key_reused: {
    status: 409,
    message: 'This Idempotency-Key was used for another request.',
    remedy: 'Use a new key for a new request; repeat a request with exactly the same content.',
  },
  idempotency_in_progress: {
    status: 409,
    message: 'The first request with this Idempotency-Key is still being worked on.',
    remedy: 'Wait a few seconds and send it again.',
  },
  idempotency_answer_lost: {
    status: 409,
    message: 'The first request with this Idempotency-Key was carried out, but its answer was lost.',
    remedy: 'Do not send it again: look the result up in the list.',
  },
  overloaded: {
    status: 503,
    message: 'The service cannot take this now.',
    remedy: 'Send it again in a few seconds.',
  },
  internal: {
    status: 500,
    message: 'Something went wrong on our side.',
    remedy: 'Try again; if it stays, give the operator the request id.',
  },
});
