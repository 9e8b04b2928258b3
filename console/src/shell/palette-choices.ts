import type { Find, Found, PageEntry } from '@moonbase/ui/pages.ts';
import { useViewer } from '@moonbase/ui/viewer.tsx';
import { IconArrowRight, IconFileSearch, IconKeyboard, IconLock, IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { Overlay } from './use-shell-keys.ts';

interface Shown {
  id: string;
  group: string;
  title: string;
  detail?: string;
  icon: typeof IconPlus;
}

export type Choice = Shown & ({ to: string } | { overlay: Overlay });

const own: readonly Choice[] = [
  {
    id: 'shortcuts',
    group: 'Actions',
    title: 'Keyboard shortcuts',
    icon: IconKeyboard,
    overlay: 'shortcuts',
  },
  { id: 'password', group: 'Actions', title: 'Change password', icon: IconLock, overlay: 'password' },
];

/** What the palette offers for a text: pages and actions at once, records when the services have found some. */
export function usePaletteChoices(pages: readonly PageEntry[], text: string) {
  const { permissions } = useViewer();
  const fixed = useMemo(() => fixedChoices(pages, permissions), [pages, permissions]);
  const asked = text.trim();
  const { found, text: answered } = useFound(pages, permissions, asked);
  const searching = answered !== asked;
  const wanted = text.trim().toLowerCase();
  const choices = useMemo(() => {
    const kept = fixed.filter(({ title, detail }) => fits(`${title} ${detail ?? ''}`, wanted));
    // While others are looked for, those found before stay if they fit what is written now.
    const fitting = searching
      ? found.filter((each) => fits(`${each.title} ${each.detail ?? ''}`, wanted))
      : found;
    const records = fitting.map(
      (each): Choice => ({ ...each, id: each.to, group: 'Found', icon: IconFileSearch }),
    );
    return [...records, ...kept];
  }, [fixed, found, searching, wanted]);
  return { choices, searching };
}

function fixedChoices(pages: readonly PageEntry[], permissions: readonly string[]): Choice[] {
  const may = (permission: string | undefined) => !permission || permissions.includes(permission);
  const open = pages.filter((page) => may(page.permission));
  const toPages = open
    .filter((page) => !page.path.includes('$'))
    .map(
      (page): Choice => ({
        id: page.path,
        group: 'Go to',
        title: page.title,
        detail: page.nav && page.nav.section !== page.title ? page.nav.section : undefined,
        icon: (page.nav?.icon as typeof IconPlus | undefined) ?? IconArrowRight,
        to: page.path,
      }),
    );
  const actions = open
    .flatMap((page) => page.actions ?? [])
    .filter((action) => may(action.permission))
    .map(
      (action): Choice => ({
        id: action.to,
        group: 'Actions',
        title: action.title,
        icon: IconPlus,
        to: action.to,
      }),
    );
  return [...toPages, ...actions, ...own];
}

/** Every word of the text begins a word of the title. */
function fits(title: string, wanted: string): boolean {
  const words = title.toLowerCase().split(/[\s/·-]+/);
  return wanted.split(/\s+/).every((each) => words.some((word) => word.startsWith(each)));
}

function useFound(pages: readonly PageEntry[], permissions: readonly string[], text: string) {
  const [state, setState] = useState<{ text: string; found: Found[] }>({ text: '', found: [] });
  useEffect(() => {
    const finders = pages.filter(
      (page) => page.find && (!page.permission || permissions.includes(page.permission)),
    );
    if (text.length < 2 || finders.length === 0) {
      setState({ text, found: [] });
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const answers = await Promise.all(finders.map((page) => findWith(page, text, abort.signal)));
      if (!abort.signal.aborted) setState({ text, found: answers.flat().slice(0, 12) });
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [pages, permissions, text]);
  return state;
}

/** One service that doesn't answer leaves the others' results. */
async function findWith(page: PageEntry, text: string, signal: AbortSignal): Promise<Found[]> {
  try {
    const find: Find = (await page.find!()).default;
    return await find(text, signal);
  } catch {
    return [];
  }
}
