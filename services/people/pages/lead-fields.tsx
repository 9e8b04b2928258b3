/** What somebody leads: regions, branches and teams, as far as their roles' scopes ask for them. */
import { MultiSelect } from '@mantine/core';
import { agentsApi } from '@moonbase/agents/api.ts';
import { useCan, useRead } from '@moonbase/ui';
import { peopleApi } from '../api.ts';

export interface Led {
  teams: string[];
  branches: string[];
  regions: string[];
}

interface Props {
  roles: readonly string[];
  value: Led;
  onChange: (led: Led) => void;
}

const SCOPES = { team: 'teams', branch: 'branches', region: 'regions' } as const;

export function LeadFields({ roles, value, onChange }: Props) {
  const mayRead = useCan('agents:read');
  const known = useRead(peopleApi.listRoles);
  const scopes = new Set(
    known.data?.roles
      .filter(({ name }) => roles.includes(name))
      .flatMap((role) => Object.values(role.scopes)),
  );
  const asked = Object.keys(SCOPES).filter((scope) => scopes.has(scope as never));
  const enabled = mayRead && asked.length > 0;
  const branches = useRead(agentsApi.listBranches, {}, { enabled });
  const teams = useRead(agentsApi.listTeams, {}, { enabled });
  if (!enabled) return null;
  const regions = [...new Set(branches.data?.items.map(({ region }) => region))].sort();
  const data = {
    teams: teams.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [],
    branches: branches.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [],
    regions,
  };
  const field = (key: keyof Led, label: string, description: string) => (
    <MultiSelect
      label={label}
      description={description}
      placeholder={value[key].length ? undefined : 'Where their own agent belongs'}
      searchable
      clearable
      data={data[key]}
      value={value[key]}
      onChange={(chosen) => onChange({ ...value, [key]: chosen })}
    />
  );
  return (
    <>
      {scopes.has('region') && field('regions', 'Regions', 'As a region manager: all branches of these')}
      {scopes.has('branch') && field('branches', 'Branches', 'As a branch manager: these branches')}
      {scopes.has('team') && field('teams', 'Teams', 'As a team leader: these teams')}
    </>
  );
}
