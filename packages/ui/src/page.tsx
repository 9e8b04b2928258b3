/** The frame of a page: where it stands, its name, what can be done, and its content. */
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Link, readSearch } from './address.tsx';
import classes from './page.module.css';

export interface PageProps {
  title: string;
  /** What stands beside the title: a status, a code. */
  mark?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The pages above this one. */
  crumbs?: readonly { title: string; to: string }[];
  /** Pages (or views) of one thing; the current one is known by its address. */
  tabs?: readonly { title: string; to: string; count?: number }[];
  /** `form` keeps lines short; `full` (default) uses the window. */
  width?: 'full' | 'form';
  /** A column at the side, below the content when narrow. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Page({ title, mark, description, actions, crumbs, tabs, width, aside, children }: PageProps) {
  return (
    <div className={classes.page} data-width={width}>
      <title>{`${title} · Moonbase`}</title>
      <header className={classes.header}>
        {crumbs && crumbs.length > 0 && (
          <nav aria-label="Above this page" className={classes.crumbs}>
            {crumbs.map((crumb) => (
              <span key={crumb.to}>
                <Link to={crumb.to}>{crumb.title}</Link>
                <span aria-hidden="true" className={classes.slash}>
                  /
                </span>
              </span>
            ))}
          </nav>
        )}
        <div className={classes.heading}>
          <div className={classes.name}>
            <h1 className={classes.title} tabIndex={-1} id="page-title">
              {title}
            </h1>
            {mark}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        {description && <p className={classes.description}>{description}</p>}
        {tabs && <PageTabs tabs={tabs} />}
      </header>
      {aside ? (
        <div className={classes.split}>
          <div className={classes.body}>{children}</div>
          <aside className={classes.body}>{aside}</aside>
        </div>
      ) : (
        <div className={classes.body}>{children}</div>
      )}
    </div>
  );
}

function PageTabs({ tabs }: { tabs: NonNullable<PageProps['tabs']> }) {
  const { pathname, search } = useLocation();
  const fits = tabs.map(({ to }) => fit(to, pathname, search as Record<string, unknown>));
  const best = Math.max(...fits);
  return (
    <nav aria-label="Views" className={classes.tabs}>
      {tabs.map(({ title, to, count }, index) => (
        <Link
          key={to}
          to={to}
          className={classes.tab}
          aria-current={best >= 0 && fits[index] === best ? 'page' : undefined}
        >
          {title}
          {count !== undefined && <span className={classes.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** How closely an address names where we are: -1 not at all, else how many of its parameters agree. */
function fit(to: string, pathname: string, search: Record<string, unknown>): number {
  const [path, query = ''] = to.split('?');
  if (path !== pathname) return -1;
  const wanted = Object.entries(readSearch(query));
  return wanted.every(([name, value]) => String(search[name]) === String(value)) ? wanted.length : -1;
}
