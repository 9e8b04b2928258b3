/** Areas of a page: a bordered panel, columns, a list of facts. */
import { Fragment, type ReactNode, useId } from 'react';
import classes from './panel.module.css';

export interface PanelProps {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** No padding: a table or a list reaches the edges. */
  flush?: boolean;
  className?: string;
  children?: ReactNode;
}

export function Panel({ title, description, actions, flush, className, children }: PanelProps) {
  const id = useId();
  return (
    <section
      className={`${classes.panel} ${className ?? ''}`}
      aria-labelledby={title ? id : undefined}
      data-flush={flush || undefined}
    >
      {(title || actions) && (
        <header className={classes.header}>
          <div className={classes.heading}>
            {title && (
              <h2 className={classes.title} id={id}>
                {title}
              </h2>
            )}
            {description && <p className={classes.description}>{description}</p>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={classes.content}>{children}</div>
    </section>
  );
}

/** Equal columns that fold when they would become narrower than `min`; or two unequal ones (`split="2:1"`). */
export function Columns({
  of,
  min = 220,
  split,
  children,
}: {
  of?: number;
  min?: number;
  split?: '2:1' | '1:2' | '3:2' | '3:1';
  children: ReactNode;
}) {
  if (split) {
    const [left, right] = split.split(':');
    const style = { '--left': `${left}fr`, '--right': `${right}fr` } as React.CSSProperties;
    return (
      <div className={classes.split} style={style}>
        {children}
      </div>
    );
  }
  const least = of ? `max(${min}px, (100% - ${(of - 1) * 16}px) / ${of})` : `${min}px`;
  return (
    <div
      className={classes.columns}
      style={{ gridTemplateColumns: `repeat(auto-fit, minmax(min(100%, ${least}), 1fr))` }}
    >
      {children}
    </div>
  );
}

/** Names and values, as on the side of a profile. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>
            {value === null || value === undefined || value === '' ? (
              <span className="mb-none">–</span>
            ) : (
              value
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
