import { DataError } from '@moonbase/data';
import { EventsError } from './errors.ts';

/** Whether an error says that the server or the way to it failed, not the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof DataError) return error.code === 'commit_unknown' || error.code === 'unreachable';
  if (error instanceof EventsError) return error.code === 'not_running';
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string')
    // Classes 08 connection, 53 out of resources, 57P shutdown; 25006 a primary that became a standby.
    return /^(08...|53...|57P..|25006|E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_)[A-Z]*)$/.test(code);
  return /^(Connection terminated|Client (was closed|has encountered)|timeout exceeded when trying)/.test(
    error.message,
  );
}

/** Whether trying the same again is likely to help: a deadlock, a serialization failure, a lock timeout. */
export function isTransient(error: unknown): boolean {
  return ['40001', '40P01', '55P03'].includes((error as { code?: string } | null)?.code ?? '');
}
