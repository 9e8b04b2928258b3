/** Branches, teams and products as pages need them: by id, and as options of a select. */
import { useRead } from '@moonbase/ui';
import { useMemo } from 'react';
import { agentsApi } from '../api.ts';
import type { Branch, Product, Team } from '../schema.ts';

export interface Reference {
  branches: ReadonlyMap<string, Branch>;
  teams: ReadonlyMap<string, Team>;
  products: ReadonlyMap<string, Product>;
  /** Undefined until they are there; only those in use. */
  branchOptions: { value: string; label: string }[] | undefined;
  teamOptions: { value: string; label: string }[] | undefined;
  productOptions: { value: string; label: string }[] | undefined;
  regionOptions: { value: string; label: string }[] | undefined;
}

const lasting = { staleTime: 60_000 };

export function useReference(): Reference {
  const branches = useRead(agentsApi.listBranches, {}, lasting).data?.items;
  const teams = useRead(agentsApi.listTeams, {}, lasting).data?.items;
  const products = useRead(agentsApi.listProducts, {}, lasting).data?.items;
  return useMemo(
    () => ({
      branches: byId(branches),
      teams: byId(teams),
      products: byId(products),
      branchOptions: optionsOf(branches),
      teamOptions: optionsOf(teams),
      productOptions: optionsOf(products),
      regionOptions:
        branches &&
        [...new Set(branches.map(({ region }) => region))].map((value) => ({ value, label: value })),
    }),
    [branches, teams, products],
  );
}

function byId<T extends { id: string }>(items: readonly T[] | undefined): ReadonlyMap<string, T> {
  return new Map(items?.map((item) => [item.id, item]));
}

function optionsOf(items: readonly { id: string; name: string; active: boolean }[] | undefined) {
  return items?.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name }));
}

/** First and last name; the code of an erased agent. */
export function nameOf(agent: { firstName: string | null; lastName: string | null; code: string }): string {
  return [agent.firstName, agent.lastName].filter((part) => part !== null).join(' ') || agent.code;
}
