/** The history of an agent: who changed what, and when. */
import { Button } from '@mantine/core';
import { peopleApi } from '@moonbase/people/api.ts';
import {
  type Formats,
  Panel,
  Timeline,
  useCan,
  useFormats,
  useRead,
  useReadMore,
  useViewer,
} from '@moonbase/ui';
import type { z } from 'zod';
import { agentsApi } from '../api.ts';
import type { change } from '../schema.ts';
import { type Reference, useReference } from './reference.ts';

type Change = z.infer<typeof change>;

const titles: Record<Change['kind'], string> = {
  created: 'Added',
  changed: 'Changed',
  deactivated: 'Deactivated',
  reactivated: 'Activated again',
  erased: 'Personal data erased',
};
const tones = { created: 'good', deactivated: 'warn', reactivated: 'good', erased: 'bad' } as const;
const names: Record<string, string> = {
  code: 'Code',
  status: 'Status',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'Email',
  contact: 'Contact',
  hireDate: 'Hired',
  branchId: 'Branch',
  teamId: 'Team',
  authorisations: 'May sell',
  assignments: 'Belongs to',
};

export function AgentHistory({ agentId }: { agentId: string }) {
  const history = useReadMore(agentsApi.listChanges, { params: { id: agentId }, query: { limit: 20 } });
  const reference = useReference();
  const formats = useFormats();
  const nameOfActor = useActorNames();
  return (
    <Panel title="History">
      <Timeline
        rows={history.rows.map((row) => ({
          id: row.id,
          at: row.at,
          title: titles[row.kind],
          tone: row.kind === 'changed' ? undefined : tones[row.kind],
          actor: nameOfActor(row.actor),
          detail: row.reason,
          // What somebody began with stands above; its history begins with the first change.
          changes: row.kind === 'created' ? [] : fieldsOf(row, reference, formats),
        }))}
      />
      {history.more.available && (
        <Button variant="subtle" onClick={history.more.load} loading={history.more.loading}>
          Show earlier changes
        </Button>
      )}
    </Panel>
  );
}

/** `person:…` as a name, where one may know it. */
function useActorNames(): (actor: string) => string {
  const viewer = useViewer();
  const people = useRead(
    peopleApi.listPeople,
    { query: { limit: 200 } },
    { enabled: useCan('people:read'), staleTime: 60_000 },
  );
  return (actor) => {
    if (actor === 'system') return 'Moonbase';
    const [kind, id = actor] = actor.split(':');
    if (kind === 'key') return 'A core system';
    if (id === viewer.id) return 'You';
    return people.data?.items.find((person) => person.id === id)?.name ?? 'Somebody';
  };
}

function fieldsOf(row: Change, reference: Reference, formats: Formats) {
  return Object.entries(row.fields).map(([field, { before, after }]) => ({
    field: names[field] ?? field,
    from: write(field, without(before, after), reference, formats),
    to: write(field, without(after, before), reference, formats),
  }));
}

interface Part {
  productId?: string;
  branchId?: string;
  teamId?: string | null;
  from: string;
  to?: string | null;
}

/** Of lists only the parts that the other one does not have. */
function without(list: unknown, other: unknown): unknown {
  if (!Array.isArray(list) || !Array.isArray(other)) return list;
  const same = new Set(other.map(keyOfPart));
  return list.filter((part) => !same.has(keyOfPart(part)));
}

function keyOfPart({ productId, branchId, teamId, from, to }: Part): string {
  return [productId, branchId, teamId, from, to].join(' ');
}

function write(field: string, value: unknown, reference: Reference, formats: Formats): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value))
    return (
      (value as Part[])
        .map(({ productId, branchId, teamId, from, to }) => {
          const place = [reference.branches.get(branchId ?? ''), reference.teams.get(teamId ?? '')];
          const what = productId
            ? reference.products.get(productId)?.name
            : place.flatMap((each) => each?.name ?? []).join(' · ');
          return `${what || '…'} from ${formats.day(from)}${to ? ` to ${formats.day(to)}` : ''}`;
        })
        .join(', ') || null
    );
  const text = String(value);
  if (field === 'branchId') return reference.branches.get(text)?.name ?? '…';
  if (field === 'teamId') return reference.teams.get(text)?.name ?? '…';
  if (field === 'hireDate') return formats.day(text);
  return text;
}
