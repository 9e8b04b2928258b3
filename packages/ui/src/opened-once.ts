import { useState } from 'react';

/** True from the first time that something is opened: before that it need not even be loaded. */
export function useOpenedOnce(opened: boolean): boolean {
  const [once, setOnce] = useState(opened);
  if (opened && !once) setOnce(true);
  return once || opened;
}
