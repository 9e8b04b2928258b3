import { Link } from '@moonbase/ui/address.tsx';
import { Hint } from '@moonbase/ui/hint.tsx';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconX } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { NavSection } from '../page-tables.ts';
import { Moon } from './moon.tsx';
import classes from './navigation.module.css';

interface NavigationProps {
  sections: readonly NavSection[];
  organisation: string;
}

/** Sections that stand together; a gap is left between the groups. */
const groups: readonly (readonly string[])[] = [
  ['Overview'],
  ['Agents', 'Sales', 'Targets', 'Commissions', 'Anomalies', 'Notifications'],
  ['Insights', 'SQL'],
  ['Status', 'Settings'],
];

/** The navigation at the left of wide screens. */
export function Navigation({
  sections,
  organisation,
  collapsed,
  onCollapse,
}: NavigationProps & { collapsed: boolean; onCollapse: () => void }) {
  const Icon = collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  const label = collapsed ? 'Widen the navigation' : 'Narrow the navigation';
  return (
    <nav className={classes.nav} aria-label="Main" data-collapsed={collapsed || undefined}>
      <Brand organisation={organisation} collapsed={collapsed} />
      <Sections sections={sections} collapsed={collapsed} />
      <Hint label={`${label} ([)`} side="right">
        <button type="button" className={classes.collapse} aria-label={label} onClick={onCollapse}>
          <Icon size={17} stroke={1.6} />
        </button>
      </Hint>
    </nav>
  );
}

/** The same from the left edge of narrow screens. */
export function NavigationDrawer({
  opened,
  onClose,
  sections,
  organisation,
}: NavigationProps & { opened: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const node = dialog.current;
    if (opened && !node?.open) node?.showModal();
    if (!opened && node?.open) node.close();
  }, [opened]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is the click beside it.
    <dialog
      ref={dialog}
      className={classes.drawer}
      aria-label="Navigation"
      onClose={onClose}
      onClick={(event) => {
        const target = event.target as HTMLElement;
        if (target === dialog.current || target.closest('a')) onClose();
      }}
    >
      {opened && (
        <nav className={classes.nav} aria-label="Main">
          <div className={classes.drawerHead}>
            <Brand organisation={organisation} collapsed={false} />
            <button
              type="button"
              className={classes.close}
              aria-label="Close the navigation"
              onClick={onClose}
            >
              <IconX size={18} />
            </button>
          </div>
          <Sections sections={sections} collapsed={false} />
        </nav>
      )}
    </dialog>
  );
}

function Brand({ organisation, collapsed }: { organisation: string; collapsed: boolean }) {
  return (
    <Link to="/" className={classes.brand} aria-label={collapsed ? `${organisation}, overview` : undefined}>
      <Moon size={26} />
      {!collapsed && <span className={classes.organisation}>{organisation}</span>}
    </Link>
  );
}

function Sections({ sections, collapsed }: { sections: readonly NavSection[]; collapsed: boolean }) {
  const { pathname } = useLocation();
  const current = currentPath(pathname, sections);
  const shown = groups
    .map((group) => sections.filter(({ section }) => group.includes(section)))
    .filter((group) => group.length > 0);
  return (
    <div className={classes.groups}>
      {shown.map((group) => (
        <ul key={group[0]?.section} className={classes.group}>
          {group.map((each) => (
            <SectionLinks key={each.section} {...each} current={current} collapsed={collapsed} />
          ))}
        </ul>
      ))}
    </div>
  );
}

function SectionLinks({
  section,
  entries,
  current,
  collapsed,
}: NavSection & { current: string | undefined; collapsed: boolean }) {
  const head = entries[0]!;
  const inside = entries.some((entry) => entry.path === current);
  const below = head.title === section ? entries.slice(1) : entries;
  const Icon = head.nav.icon;
  const link = (
    <Link
      to={head.path}
      className={classes.link}
      aria-current={head.path === current ? 'page' : undefined}
      aria-label={collapsed ? section : undefined}
      data-inside={inside || undefined}
    >
      <Icon size={17} stroke={1.6} />
      {!collapsed && <span>{section}</span>}
    </Link>
  );
  return (
    <li>
      {collapsed ? (
        <Hint label={section} side="right">
          {link}
        </Hint>
      ) : (
        link
      )}
      {!collapsed && inside && below.length > 0 && entries.length > 1 && (
        <ul className={classes.children}>
          {below.map((entry) => (
            <li key={entry.path}>
              <Link
                to={entry.path}
                className={classes.child}
                aria-current={entry.path === current ? 'page' : undefined}
              >
                {entry.title}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** The entry that the address is at or below: the longest path that fits. */
function currentPath(pathname: string, sections: readonly NavSection[]): string | undefined {
  const paths = sections.flatMap(({ entries }) => entries.map((entry) => entry.path));
  return paths
    .filter((path) => path === pathname || (path !== '/' && pathname.startsWith(`${path}/`)))
    .sort((a, b) => b.length - a.length)[0];
}
