/** Any answer of 401 means that the session has ended: once told, the router goes to the sign-in page. */
import type { ApiError } from '@moonbase/ui/calls.ts';
import type { QueryClient } from '@tanstack/react-query';

export function whenSignedOut(client: QueryClient, leave: () => void): void {
  const check = (error: unknown) => {
    if ((error as ApiError | null)?.status === 401) leave();
  };
  client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') check(event.action.error);
  });
  client.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') check(event.action.error);
  });
}
