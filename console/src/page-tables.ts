/** The pages of all services, found by their place: `services/<name>/pages.tsx`. */
import { type PageEntry, type PageTable, type Section, sections } from '@moonbase/ui/pages.ts';
import { shellPages } from './shell-pages.ts';

const tables = import.meta.glob<PageTable>('../../services/*/pages.tsx', { eager: true, import: 'default' });

export const pages: readonly PageEntry[] = [...Object.values(tables).flat(), ...shellPages];

export interface NavSection {
  section: Section;
  /** Its own link first. */
  entries: (PageEntry & { nav: NonNullable<PageEntry['nav']> })[];
}

/** What the navigation shows to somebody with these permissions. */
export function navigationFor(
  permissions: readonly string[],
  all: readonly PageEntry[] = pages,
): NavSection[] {
  return sections.flatMap((section) => {
    const entries = all
      .filter((entry): entry is NavSection['entries'][number] => entry.nav?.section === section)
      .filter((entry) => !entry.permission || permissions.includes(entry.permission))
      .sort((a, b) => a.nav.order - b.nav.order);
    return entries.length > 0 ? [{ section, entries }] : [];
  });
}
