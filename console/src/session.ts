/** Who is signed in, asked from the people service. Plain fetch: the shell's first load carries no schemas. */
import type { sessionView } from '@moonbase/people/schema.ts';
import { ApiError } from '@moonbase/ui/calls.ts';
import type { z } from 'zod';

export type Session = z.output<typeof sessionView>;

/** The session, or null when nobody is signed in. */
export async function readSession(): Promise<Session | null> {
  const response = await ask('/api/session', { method: 'GET' });
  if (response.status === 401) return null;
  if (!response.ok) throw await errorOf(response);
  return response.json();
}

/** @throws ApiError with what to do, when refused */
export async function signIn(email: string, password: string): Promise<Session> {
  const response = await ask('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw await errorOf(response);
  return response.json();
}

export async function signOut(): Promise<void> {
  await ask('/api/session', { method: 'DELETE' });
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError({
      status: 0,
      code: 'unreachable',
      detail: 'The server cannot be reached.',
      remedy: 'Check your connection and try again.',
    });
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem = await response.json().catch(() => undefined);
  return new ApiError(
    problem?.code
      ? problem
      : {
          status: response.status,
          code: 'unexpected',
          detail: `The server answered ${response.status}.`,
          remedy: 'Try again in a moment.',
        },
  );
}
