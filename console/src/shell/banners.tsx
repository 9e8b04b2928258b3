import { retryLive, useLiveState } from '@moonbase/ui/live.ts';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { version } from '../version.ts';
import classes from './banners.module.css';

/** What everybody should know right now: no connection, another release, a temporary password. */
export function Banners({
  temporaryPassword,
  onChangePassword,
}: {
  temporaryPassword: boolean;
  onChangePassword: () => void;
}) {
  const cutOff = useCutOff();
  const changed = useSyncExternalStore(version.watch, version.changed);
  return (
    <div role="status">
      {cutOff && (
        <div className={classes.banner} data-tone="warn">
          <span>
            <strong>No connection.</strong> What you see may be old; it is tried again by itself.
          </span>
          <button type="button" onClick={retryLive}>
            Try now
          </button>
        </div>
      )}
      {changed && (
        <div className={classes.banner} data-tone="info">
          <span>
            <strong>There is a new version.</strong> Reload when it suits you.
          </span>
          <button type="button" onClick={() => window.location.reload()}>
            Reload
          </button>
        </div>
      )}
      {temporaryPassword && (
        <div className={classes.banner} data-tone="warn">
          <span>
            <strong>Your password is temporary.</strong> Choose one that only you know.
          </span>
          <button type="button" onClick={onChangePassword}>
            Change password
          </button>
        </div>
      )}
    </div>
  );
}

/** Offline, or the live stream has been gone for some seconds. */
function useCutOff(): boolean {
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const state = useLiveState();
  const [long, setLong] = useState(false);
  const broken = state === 'waiting' || (state === 'connecting' && long);
  useEffect(() => {
    if (!broken) return setLong(false);
    const timer = setTimeout(() => setLong(true), 4_000);
    return () => clearTimeout(timer);
  }, [broken]);
  return !online || (broken && long);
}

function watchOnline(tell: () => void): () => void {
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  return () => {
    window.removeEventListener('online', tell);
    window.removeEventListener('offline', tell);
  };
}
