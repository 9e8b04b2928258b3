/** The history of a thing: what changed, when and by whom, newest first. */
import type { ReactNode } from 'react';
import classes from './timeline.module.css';
import { When } from './values.tsx';

export interface TimelineRow {
  id: string;
  at: string | Date;
  title: ReactNode;
  /** Who did it. */
  actor?: ReactNode;
  changes?: readonly { field: string; from: ReactNode; to: ReactNode }[];
  /** A reason, a remark. */
  detail?: ReactNode;
  tone?: 'good' | 'warn' | 'bad' | 'info';
}

export function Timeline({ rows }: { rows: readonly TimelineRow[] }) {
  return (
    <ol className={classes.timeline}>
      {rows.map((row) => (
        <li key={row.id} className={classes.row} data-tone={row.tone}>
          <div className={classes.head}>
            <span className={classes.title}>{row.title}</span>
            <span className={classes.meta}>
              {row.actor && <>{row.actor} · </>}
              <When at={row.at} />
            </span>
          </div>
          {row.detail && <div className={classes.detail}>{row.detail}</div>}
          {row.changes && row.changes.length > 0 && (
            <dl className={classes.changes}>
              {row.changes.map((change) => (
                <div key={change.field}>
                  <dt>{change.field}</dt>
                  <dd>
                    <del>{change.from ?? '–'}</del>
                    <span aria-hidden="true" className={classes.arrow}>
                      →
                    </span>
                    <ins>{change.to ?? '–'}</ins>
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ol>
  );
}
