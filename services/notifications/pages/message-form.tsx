/** A message by hand: to teams, branches, single agents, or everyone. */
import { MultiSelect, Switch, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { agentsApi } from '@moonbase/agents/api.ts';
import { FormDrawer, useAct, useRead, useZodForm } from '@moonbase/ui';
import { useState } from 'react';
import { newMessage, notificationsApi } from '../api.ts';

const initial = {
  to: { everyone: false, teams: [] as string[], branches: [] as string[], agents: [] as string[] },
  title: '',
  message: '',
};

export function MessageForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const teams = useRead(agentsApi.listTeams, {}, { enabled: opened });
  const branches = useRead(agentsApi.listBranches, {}, { enabled: opened });
  const send = useAct(notificationsApi.sendMessage, {
    invalidates: [notificationsApi.listInbox, notificationsApi.listDeliveries],
    success: ({ recipients }) =>
      recipients === 1 ? 'One person was told' : `${recipients} people were told`,
    quiet: true,
  });
  const form = useZodForm(newMessage, {
    initial,
    submit: (values) => send.mutateAsync({ body: values }),
    onDone: () => {
      form.reset(initial);
      onClose();
    },
  });
  const everyone = form.values.to.everyone;
  return (
    <FormDrawer title="Write a message" opened={opened} onClose={onClose} form={form} submitLabel="Send">
      <Switch label="To everyone" {...form.field('to.everyone', 'checkbox')} />
      {!everyone && (
        <>
          <MultiSelect
            label="Teams"
            searchable
            data={optionsOf(teams.data?.items)}
            {...form.field('to.teams')}
          />
          <MultiSelect
            label="Branches"
            searchable
            data={optionsOf(branches.data?.items)}
            {...form.field('to.branches')}
          />
          <AgentSelect {...form.field('to.agents')} />
        </>
      )}
      <TextInput label="Title" required maxLength={150} {...form.field('title')} />
      <Textarea label="Message" required autosize minRows={4} maxLength={4000} {...form.field('message')} />
    </FormDrawer>
  );
}

function optionsOf(items: readonly { id: string; name: string; active: boolean }[] | undefined) {
  return items?.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name })) ?? [];
}

/** Agents are many: they are looked for by what is typed. Those chosen stay among the options. */
function AgentSelect(field: { value?: string[]; onChange: (value: string[]) => void }) {
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const [chosen, setChosen] = useState<{ value: string; label: string }[]>([]);
  const found = useRead(agentsApi.listAgents, { query: { search: asked, status: 'active', limit: 20 } });
  const options = (found.data?.items ?? []).map(({ id, firstName, lastName, code }) => ({
    value: id,
    label: `${firstName ?? ''} ${lastName ?? ''} (${code})`,
  }));
  const all = [...new Map([...chosen, ...options].map((option) => [option.value, option])).values()];
  return (
    <MultiSelect
      {...field}
      label="Agents"
      placeholder="Name or code"
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      // The server has searched: what it found is shown, and what is chosen.
      filter={({ options: each }) => each}
      data={all}
      onChange={(value) => {
        setChosen(all.filter((option) => value.includes(option.value)));
        field.onChange(value);
      }}
    />
  );
}
