/** Reading: one call, or a list that is read page by page. */
import type { CallInput, CallOutput, Route } from '@moonbase/http';
import {
  type UseQueryOptions,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type ApiError, callRoute, type InputArguments, keyOf } from './calls.ts';

export type ReadOptions<R extends Route, Data = CallOutput<R>> = Omit<
  UseQueryOptions<CallOutput<R>, ApiError, Data>,
  'queryKey' | 'queryFn'
>;

/** Reads one answer of a route; see the README. */
export function useRead<R extends Route, Data = CallOutput<R>>(
  route: R,
  ...[input, options]: InputArguments<R, ReadOptions<R, Data>>
): UseQueryResult<Data, ApiError> {
  return useQuery<CallOutput<R>, ApiError, Data>({
    ...options,
    queryKey: keyOf(route, input ?? {}),
    queryFn: ({ signal }) => callRoute(route, input, { signal }),
  });
}

/** What a table draws: rows, and whether there are more. */
export interface TableSource<Row> {
  rows: readonly Row[];
  /** Nothing has arrived yet. */
  loading: boolean;
  error: ApiError | null;
  retry: () => void;
  more?: { available: boolean; loading: boolean; load: () => void };
}

export interface ReadMore<Row, Page> extends TableSource<Row> {
  more: { available: boolean; loading: boolean; load: () => void };
  /** The whole answer with the first page: totals and the like. */
  first: Page | undefined;
  /** Read again while something is shown. */
  refreshing: boolean;
}

export interface ReadMoreOptions<Page, Row> {
  items?: (page: Page) => readonly Row[];
  next?: (page: Page) => string | null | undefined;
  /** The query parameter that `next` goes into; `cursor` unless said. */
  cursor?: string;
  enabled?: boolean;
}

type ItemOf<Page> = Page extends { items: readonly (infer Row)[] } ? Row : never;

/** Reads a keyset-paged list; hand the result to a DataTable as `source`. */
export function useReadMore<R extends Route, Row = ItemOf<CallOutput<R>>>(
  route: R,
  ...[input, options]: InputArguments<R, ReadMoreOptions<CallOutput<R>, Row>>
): ReadMore<Row, CallOutput<R>> {
  type Page = CallOutput<R>;
  const {
    items = (page: Page) => (page as unknown as { items: Row[] }).items,
    next = (page: Page) => (page as unknown as { next?: string | null }).next,
    cursor = 'cursor',
    enabled = true,
  } = options ?? {};
  const query = useInfiniteQuery({
    enabled,
    queryKey: [...keyOf(route, input ?? {}), 'pages'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const given = (input ?? {}) as { query?: Record<string, unknown> };
      const asked = pageParam ? { ...given, query: { ...given.query, [cursor]: pageParam } } : given;
      return callRoute(route, asked as unknown as CallInput<R>, { signal });
    },
    getNextPageParam: (last: Page) => next(last) ?? undefined,
  });
  const pages = query.data?.pages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `items` is a new function at every render; the pages decide.
  const rows = useMemo(() => (pages ?? []).flatMap((page) => items(page)), [pages]);
  return {
    rows,
    first: pages?.[0],
    loading: query.isPending && enabled,
    refreshing: query.isFetching && !query.isPending,
    error: query.error as ApiError | null,
    retry: () => void query.refetch(),
    more: {
      available: query.hasNextPage,
      loading: query.isFetchingNextPage,
      load: () => {
        if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
      },
    },
  };
}

/** Makes a table's source of one read: `sourceOf(read, (answer) => answer.items)`. */
export function sourceOf<Data, Row>(
  read: UseQueryResult<Data, ApiError>,
  rows: (data: Data) => readonly Row[],
): TableSource<Row> {
  return {
    rows: read.data === undefined ? [] : rows(read.data),
    loading: read.isPending,
    error: read.error,
    retry: () => void read.refetch(),
  };
}

/** `refresh([route, …])`: what was read from these routes is old; what is on show is read again. */
export function useRefresh(): (routes: readonly Route[]) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (routes) => {
      await Promise.all(routes.map((route) => client.invalidateQueries({ queryKey: keyOf(route) })));
    },
    [client],
  );
}
