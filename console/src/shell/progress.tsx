import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import classes from './progress.module.css';

/** A line at the top while a page is being loaded; what is there at once shows none. */
export function Progress() {
  const loading = useRouterState({ select: (state) => state.status === 'pending' });
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!loading) return setShown(false);
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, [loading]);
  return shown ? <div className={classes.line} role="progressbar" aria-label="Loading the page" /> : null;
}
