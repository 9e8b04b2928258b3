/** What narrows a dashboard, as it stands in the address, so that a view can be sent. */
import { periodOf, useAddress, useOrganisation, useRead } from '@moonbase/ui';
import { z } from 'zod';
import { insightsApi } from '../api.ts';

export const Filters = z.object({
  group: z.string().optional(),
  period: z.string().optional(),
  branch: z.string().optional(),
  team: z.string().optional(),
  product: z.string().optional(),
  currency: z.string().optional(),
});
export type FilterValues = z.output<typeof Filters>;

export function useInsightFilters() {
  return useAddress(Filters);
}

/** The filters as the question takes them: without a period the question's own holds. */
export function useNarrowed(filters: FilterValues) {
  const { zone } = useOrganisation();
  const { branch, currency, period, product, team } = filters;
  const days = period ? periodOf(period, 'all', zone) : undefined;
  const all = period === 'all' ? { from: '1900-01-01', to: '2999-12-31' } : undefined;
  return { branch, team, product, currency, from: all?.from ?? days?.from, to: all?.to ?? days?.to };
}

/** Branches, teams, products and currencies to choose from. */
export function useChoices() {
  const { data } = useRead(insightsApi.listFilters, {}, { staleTime: 60_000 });
  const options = (named: readonly { id: string; name: string }[] | undefined) =>
    named?.map(({ id, name }) => ({ value: id, label: name }));
  return {
    branches: options(data?.branches),
    teams: options(data?.teams),
    products: options(data?.products),
    currencies: data?.currencies,
  };
}

/** The address of a page with these filters, those without a value left out. */
export function addressWith(path: string, values: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) search.set(name, value);
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
