/** Adds an agent, or changes the details of one. */
import { Group, Select, TextInput } from '@mantine/core';
import { DayInput, FormDrawer, useAct, useGo, useZodForm } from '@moonbase/ui';
import { useEffect } from 'react';
import { agentsApi } from '../api.ts';
import { type Agent, newAgent } from '../schema.ts';
import { nameOf, useReference } from './reference.ts';

const details = newAgent.pick({
  code: true,
  firstName: true,
  lastName: true,
  email: true,
  contact: true,
  hireDate: true,
});
const added = newAgent.omit({ authorisations: true });

export function AgentForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const go = useGo();
  const { branchOptions, teamOptions } = useReference();
  const create = useAct(agentsApi.createAgent, {
    invalidates: [agentsApi.listAgents],
    success: (agent) => `${nameOf(agent)} added`,
    quiet: true,
  });
  const form = useZodForm(added, {
    initial: { ...blank, branchId: '', teamId: '' },
    submit: (values) => create.mutateAsync({ body: values }),
    onDone: (agent) => {
      onClose();
      go(`/agents/${agent.id}`);
    },
  });
  return (
    <FormDrawer title="Add an agent" opened={opened} onClose={onClose} form={form} submitLabel="Add">
      <Fields form={form} />
      <Select label="Branch" required searchable data={branchOptions ?? []} {...form.field('branchId')} />
      <Select label="Team" clearable searchable data={teamOptions ?? []} {...form.field('teamId')} />
    </FormDrawer>
  );
}

export function AgentDetailsForm({
  agent,
  opened,
  onClose,
}: {
  agent: Agent;
  opened: boolean;
  onClose: () => void;
}) {
  const change = useAct(agentsApi.changeAgent, {
    invalidates: [agentsApi.readAgent, agentsApi.listAgents, agentsApi.listChanges],
    success: 'Saved',
    quiet: true,
  });
  const form = useZodForm(details, {
    initial: valuesOf(agent),
    // A field that was emptied is emptied, not left as it is.
    submit: ({ email = null, contact = null, hireDate = null, ...rest }) =>
      change.mutateAsync({
        params: { id: agent.id },
        body: { version: agent.version, ...rest, email, contact, hireDate },
      }),
    onDone: onClose,
  });
  // Opened again after somebody else's change: begin with what is there now.
  // A change while it is open must not undo what is typed.
  useEffect(() => form.reset(valuesOf(agent)), [opened]);
  return (
    <FormDrawer
      title={`Change ${nameOf(agent)}`}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel="Save"
    >
      <Fields form={form} />
    </FormDrawer>
  );
}

const blank = { code: '', firstName: '', lastName: '', email: '', contact: '', hireDate: '' };

function valuesOf(agent: Agent): typeof blank {
  const { code, firstName, lastName, email, contact, hireDate } = agent;
  return {
    code,
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    email: email ?? '',
    contact: contact ?? '',
    hireDate: hireDate ?? '',
  };
}

function Fields({
  form,
}: {
  form: Pick<ReturnType<typeof useZodForm<typeof blank, typeof details, unknown>>, 'field'>;
}) {
  return (
    <>
      <TextInput label="Code" description="As core systems know the agent" required {...form.field('code')} />
      <Group grow align="start">
        <TextInput label="First name" required {...form.field('firstName')} />
        <TextInput label="Last name" required {...form.field('lastName')} />
      </Group>
      <TextInput label="Email" type="email" {...form.field('email')} />
      <TextInput label="Contact" description="Telephone" {...form.field('contact')} />
      <DayInput label="Hired on" clearable {...form.field('hireDate')} />
    </>
  );
}
