/** Adding a person, and changing one. */
import { Button, Group, MultiSelect, Select, Switch, Text, TextInput } from '@mantine/core';
import { agentsApi } from '@moonbase/agents/api.ts';
import { ConfirmDialog, FormDrawer, useAct, useCan, useRead, useViewer, useZodForm } from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { peopleApi } from '../api.ts';
import { email, type person, personName, role } from '../schema.ts';
import { LeadFields } from './lead-fields.tsx';
import type { Secret } from './secret-dialog.tsx';

export type Person = z.output<typeof person>;

const PersonForm = z.object({
  name: personName,
  email,
  roles: z.array(role),
  agentId: z.uuid().nullable().optional(),
  teams: z.array(z.uuid()),
  branches: z.array(z.uuid()),
  regions: z.array(z.string()),
  active: z.boolean(),
});

interface Props {
  /** Null: a new one. */
  person: Person | null;
  opened: boolean;
  onClose: () => void;
  onSecret: (secret: Secret) => void;
}

const invalidates = [peopleApi.listPeople];

export function PersonDrawer({ person, opened, onClose, onSecret }: Props) {
  const roles = useRead(peopleApi.listRoles, {}, { enabled: opened });
  const create = useAct(peopleApi.createPerson, { invalidates, quiet: true });
  const change = useAct(peopleApi.changePerson, { invalidates, success: 'Person saved', quiet: true });
  const form = useZodForm(PersonForm, {
    initial: {
      name: person?.name ?? '',
      email: person?.email ?? '',
      roles: person?.roles ?? [],
      agentId: person?.agentId ?? '',
      teams: person?.teams ?? [],
      branches: person?.branches ?? [],
      regions: person?.regions ?? [],
      active: person?.active ?? true,
    },
    submit: async (values) => {
      const { active, ...rest } = { ...values, agentId: values.agentId ?? null };
      if (person) {
        await change.mutateAsync({ params: { id: person.id }, body: { ...rest, active } });
      } else {
        const made = await create.mutateAsync({ body: rest });
        onSecret(temporary(made.person, made.temporaryPassword));
      }
    },
    onDone: () => {
      form.reset();
      onClose();
    },
  });
  return (
    <FormDrawer
      title={person ? person.name : 'Add a person'}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel={person ? 'Save' : 'Add'}
    >
      <TextInput label="Name" {...form.field('name')} />
      <TextInput label="Email" type="email" description="To sign in with" {...form.field('email')} />
      <MultiSelect
        label="Roles"
        searchable
        placeholder={form.values.roles.length ? undefined : 'None: may sign in and see nothing'}
        data={roles.data?.roles.map(({ name }) => name) ?? []}
        renderOption={({ option }) => (
          <div>
            <div>{option.value}</div>
            <Text size="xs" c="dimmed">
              {roles.data?.roles.find(({ name }) => name === option.value)?.summary}
            </Text>
          </div>
        )}
        {...form.field('roles')}
      />
      <LeadFields
        roles={form.values.roles}
        value={form.values}
        onChange={({ teams, branches, regions }) => {
          form.set('teams', teams);
          form.set('branches', branches);
          form.set('regions', regions);
        }}
      />
      <AgentSelect value={form.values.agentId || null} onChange={(id) => form.set('agentId', id ?? '')} />
      {person && (
        <Switch
          label="Active"
          description="Whoever is not active cannot sign in"
          {...form.field('active', 'checkbox')}
        />
      )}
      {person && <More person={person} onClose={onClose} onSecret={onSecret} />}
    </FormDrawer>
  );
}

function temporary(person: Person, password: string): Secret {
  return {
    title: `Password of ${person.name}`,
    value: password,
    text: `${person.name} signs in as ${person.email} with this temporary password, and is asked to choose another.`,
  };
}

/** The agent that the person is, found by code or name. */
function AgentSelect({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const mayRead = useCan('agents:read');
  const [search, setSearch] = useState('');
  const enabled = mayRead;
  const found = useRead(
    agentsApi.listAgents,
    { query: { limit: 20, ...(search ? { search } : {}) } },
    { enabled },
  );
  const chosen = useRead(
    agentsApi.readAgent,
    { params: { id: value ?? '' } },
    { enabled: enabled && value !== null },
  );
  if (!mayRead) return null;
  const agents = [...(found.data?.items ?? [])];
  if (chosen.data && !agents.some((agent) => agent.id === chosen.data.id)) agents.push(chosen.data);
  return (
    <Select
      label="Agent"
      description="If this person sells: notifications for the agent then reach them"
      placeholder="None"
      clearable
      searchable
      // The server has searched already, in more than the label.
      filter={({ options }) => options}
      onSearchChange={(text) => setSearch(/ – /.test(text) ? '' : text)}
      data={agents.map((agent) => ({
        value: agent.id,
        label: `${agent.code} – ${[agent.firstName, agent.lastName].filter(Boolean).join(' ')}`,
      }))}
      value={value}
      onChange={onChange}
    />
  );
}

function More({ person, onClose, onSecret }: { person: Person } & Pick<Props, 'onClose' | 'onSecret'>) {
  const viewer = useViewer();
  const [asking, setAsking] = useState<'password' | 'sessions' | 'erase' | null>(null);
  const reset = useAct(peopleApi.resetPassword, { invalidates, quiet: true });
  const end = useAct(peopleApi.endSessionsOf, { invalidates, success: 'Sessions ended', quiet: true });
  const erase = useAct(peopleApi.erasePerson, { invalidates, success: 'Person erased', quiet: true });
  if (person.id === viewer.id) return null;
  return (
    <Group>
      <Button variant="default" onClick={() => setAsking('password')}>
        Set a temporary password
      </Button>
      <Button variant="default" onClick={() => setAsking('sessions')}>
        End sessions
      </Button>
      <Button variant="subtle" color="red" onClick={() => setAsking('erase')}>
        Erase
      </Button>
      <ConfirmDialog
        opened={asking === 'password'}
        onClose={() => setAsking(null)}
        title={`A new password for ${person.name}?`}
        confirmLabel="Set it"
        onConfirm={async () => {
          const answer = await reset.mutateAsync({ params: { id: person.id } });
          onClose();
          onSecret(temporary(person, answer.temporaryPassword));
        }}
      >
        The old one stops working, and all sessions of {person.name} end.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'sessions'}
        onClose={() => setAsking(null)}
        title={`End all sessions of ${person.name}?`}
        confirmLabel="End them"
        onConfirm={async () => {
          await end.mutateAsync({ params: { id: person.id } });
          onClose();
        }}
      >
        {person.name} is signed out everywhere, at once, and can sign in again.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'erase'}
        onClose={() => setAsking(null)}
        title={`Erase ${person.name}?`}
        confirmLabel="Erase for good"
        danger
        typed={person.email}
        onConfirm={async () => {
          await erase.mutateAsync({ params: { id: person.id } });
          onClose();
        }}
      >
        Name and address are removed everywhere, and cannot be brought back. What {person.name} did stays,
        without the name. To only keep them out, switch “Active” off instead.
      </ConfirmDialog>
    </Group>
  );
}
