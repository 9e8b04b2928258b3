/** Changing: one call that writes, with its toast, its undo and what it makes old. */
import type { CallInput, CallOutput, Route } from '@moonbase/http';
import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import { type ApiError, callRoute, randomKey } from './calls.ts';
import { useRefresh } from './reads.ts';
import { toast, toastError } from './toast.ts';

export interface ActOptions<R extends Route> {
  /** Routes whose answers are old afterwards. */
  invalidates?: readonly Route[];
  /** What the toast says. */
  success?: string | ((output: CallOutput<R>, input: CallInput<R>) => string | undefined);
  /** Offered on the toast for a few seconds. */
  undo?: (output: CallOutput<R>, input: CallInput<R>) => Promise<unknown>;
  /** No toast for an error: whoever calls shows it in place. */
  quiet?: boolean;
  onSuccess?: (output: CallOutput<R>, input: CallInput<R>) => void;
}

/**
 * A change as TanStack Query's mutation. A POST that creates carries an idempotency key, so that sending
 * again after a lost answer does not create twice.
 */
export function useAct<R extends Route>(
  route: R,
  options: ActOptions<R> = {},
): UseMutationResult<CallOutput<R>, ApiError, CallInput<R>> {
  const refresh = useRefresh();
  return useMutation<CallOutput<R>, ApiError, CallInput<R>>({
    mutationFn: (input) => send(route, input),
    onSuccess: (output, input) => {
      void refresh(options.invalidates ?? []);
      const said = typeof options.success === 'function' ? options.success(output, input) : options.success;
      const { undo } = options;
      if (said) {
        toast({
          title: said,
          tone: 'good',
          undo: undo && (() => undo(output, input).then(() => refresh(options.invalidates ?? []))),
        });
      }
      options.onSuccess?.(output, input);
    },
    onError: (error) => {
      if (!options.quiet) toastError(error);
    },
  });
}

async function send<R extends Route>(route: R, input: CallInput<R>): Promise<CallOutput<R>> {
  if (route.method !== 'POST' || route.idempotency === false) return callRoute(route, input);
  const options = { headers: { 'idempotency-key': randomKey() } };
  try {
    return await callRoute(route, input, options);
  } catch (error) {
    if ((error as ApiError).status !== 0) throw error;
    // The answer was lost, perhaps after the commit: the same key makes asking again safe.
    await new Promise((wait) => setTimeout(wait, 800));
    return callRoute(route, input, options);
  }
}
