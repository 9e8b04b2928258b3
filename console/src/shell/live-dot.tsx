import { Hint } from '@moonbase/ui/hint.tsx';
import { type LiveState, useLiveState } from '@moonbase/ui/live.ts';
import classes from './live-dot.module.css';

const told: Record<LiveState, [word: string, hint: string] | undefined> = {
  idle: undefined,
  live: ['Live', 'What happens shows here as it happens.'],
  connecting: ['Connecting', 'Connecting to the live stream.'],
  waiting: ['Reconnecting', 'The live stream broke off; it is tried again by itself.'],
  paused: ['Paused', 'Paused while this tab was out of sight.'],
  refused: ['Not live', 'The server does not let you follow these events.'],
};

/** Whether what is shown moves by itself. Absent on pages that don't. */
export function LiveDot() {
  const state = useLiveState();
  const words = told[state];
  return (
    <span role="status" className={classes.holder}>
      {words && (
        <Hint label={words[1]}>
          <span className={classes.dot} data-state={state}>
            {words[0]}
          </span>
        </Hint>
      )}
    </span>
  );
}
