import { useQueryClient } from '@tanstack/react-query';

/** Lets the shell show a new name, zone or organisation at once: it keeps the session under this key. */
export function useRefreshShell(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: ['session'] });
}
