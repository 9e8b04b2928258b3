import { ErrorState } from '@moonbase/ui/states.tsx';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';

/** What stands where a page failed; the shell around it goes on. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const stale = /dynamically imported module|Importing a module script failed/i.test(String(error));
  return (
    <div style={{ paddingTop: '10vh' }}>
      <title>Something went wrong · Moonbase</title>
      <ErrorState
        page
        error={stale ? new Error('This page belongs to an earlier release. Reload to go on.') : error}
        onRetry={() => {
          if (stale) return window.location.reload();
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
