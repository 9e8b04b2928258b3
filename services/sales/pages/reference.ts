/** What pages of sales show beside sales: branches, teams and products, and who did something. */
import { agentsApi } from '@moonbase/agents/api.ts';
import { peopleApi } from '@moonbase/people/api.ts';
import { useCan, useRead, useViewer } from '@moonbase/ui';
import { useMemo } from 'react';

export interface Named {
  id: string;
  /** Products and branches only. */
  code?: string;
  name: string;
}

const lasting = { staleTime: 60_000 };

/** Options are undefined until they are there. */
export function useReference() {
  const enabled = useCan('agents:read');
  const branches = useRead(agentsApi.listBranches, {}, { ...lasting, enabled }).data?.items;
  const teams = useRead(agentsApi.listTeams, {}, { ...lasting, enabled }).data?.items;
  const products = useRead(agentsApi.listProducts, {}, { ...lasting, enabled }).data?.items;
  return useMemo(
    () => ({
      names: new Map<string, string>(
        [...(branches ?? []), ...(teams ?? []), ...(products ?? [])].map(({ id, name }) => [id, name]),
      ),
      branches: optionsOf(branches),
      teams: optionsOf(teams),
      products: optionsOf(products),
      branchCodes: optionsOf(branches, true),
      productCodes: optionsOf(products, true),
    }),
    [branches, teams, products],
  );
}

function optionsOf(items: readonly (Named & { active: boolean })[] | undefined, byCode = false) {
  return items
    ?.filter(({ active }) => active)
    .map(({ id, code, name }) => ({ value: byCode ? (code ?? id) : id, label: name }));
}

/** `person:…` as a name, where one may know it. */
export function useActorNames(): (actor: string) => string {
  const viewer = useViewer();
  const people = useRead(
    peopleApi.listPeople,
    { query: { limit: 200 } },
    { enabled: useCan('people:read'), ...lasting },
  );
  return (actor) => {
    if (actor === 'system') return 'Moonbase';
    const [kind, id = actor] = actor.split(':');
    if (kind === 'key') return 'A core system';
    if (id === viewer.id) return 'You';
    return people.data?.items.find((person) => person.id === id)?.name ?? 'Somebody';
  };
}
