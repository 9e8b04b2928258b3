/** Moving between pages, and what a page keeps in its address. */
import { Link as RouterLink, useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, useCallback, useMemo } from 'react';
import type { z } from 'zod';
import { type Period, type PeriodKey, periodOf } from './periods.ts';
import { useOrganisation } from './viewer.tsx';

export type Search = Record<string, string | number | boolean | readonly string[] | null | undefined>;

/** A link is the current page's only when address and filters are the same. */
const here = { exact: true, includeSearch: true };

/** A link within the console; opens in another tab where asked to. */
export function Link({
  to,
  search,
  ...rest
}: { to: string; search?: Search } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>) {
  const [path, given] = splitAddress(to, search);
  return <RouterLink to={path} search={given as never} activeOptions={here} {...rest} />;
}

/** `go('/sales', {branch: '3'})` or `go('/sales?branch=3')`. */
export function useGo(): (to: string, search?: Search, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return useCallback(
    (to, search, options) => {
      const [path, given] = splitAddress(to, search);
      void navigate({ to: path, search: given as never, replace: options?.replace });
    },
    [navigate],
  );
}

/** The parameters of the page's path: `{id}` on `/agents/$id`. */
export function usePathParams(): Record<string, string> {
  return useParams({ strict: false }) as Record<string, string>;
}

/**
 * What the page keeps in its address, checked by a schema. What doesn't fit is left out: an old link still
 * opens. `set` merges; undefined, null and '' remove.
 */
export function useAddress<S extends z.ZodObject>(
  schema: S,
): [z.output<S>, (change: Partial<z.input<S>>, options?: { push?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const values = useMemo(() => parse(schema, search), [schema, search]);
  const set = useCallback(
    (change: Partial<z.input<S>>, options: { push?: boolean } = {}) => {
      void navigate({
        to: pathname,
        search: ((before: Record<string, unknown>) => ({ ...before, ...change })) as never,
        replace: !options.push,
        resetScroll: false,
      });
    },
    [navigate, pathname],
  );
  return [values, set];
}

function parse<S extends z.ZodObject>(schema: S, search: Record<string, unknown>): z.output<S> {
  const whole = schema.safeParse(search);
  if (whole.success) return whole.data;
  const bad = new Set(whole.error.issues.map((issue) => issue.path[0]));
  const kept = Object.fromEntries(Object.entries(search).filter(([name]) => !bad.has(name)));
  return schema.parse(kept);
}

/** The period that a key of the address means, in the organisation's zone. */
export function usePeriod(key: string | undefined, fallback: PeriodKey): Period {
  const { zone } = useOrganisation();
  return useMemo(() => periodOf(key, fallback, zone), [key, fallback, zone]);
}

/** `?a=1&b=x&b=y` as `{a: '1', b: ['x', 'y']}`: values are strings, the page's schema makes more of them. */
export function readSearch(text: string): Record<string, string | string[]> {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    search[name] = before === undefined ? value : [before, value].flat();
  }
  return search;
}

export function writeSearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== '') query.append(name, String(each));
    }
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function splitAddress(to: string, search: Search | undefined): [string, Record<string, unknown>] {
  const mark = to.indexOf('?');
  if (mark < 0) return [to, search ?? {}];
  return [to.slice(0, mark), { ...readSearch(to.slice(mark + 1)), ...search }];
}
