/** Chooses an agent, found by name or code while one types. Its value is the agent's code, or id. */
import { Select, TextInput } from '@mantine/core';
import { agentsApi } from '@moonbase/agents/api.ts';
import { useCan, useRead } from '@moonbase/ui';
import { type ReactNode, useDeferredValue, useState } from 'react';

export interface AgentSelectProps {
  label: ReactNode;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  clearable?: boolean;
  by: 'code' | 'id';
  value?: string | null;
  /** Shown for a value that is not among the agents found. */
  name?: string;
  onChange: (value: string | null) => void;
  'data-path'?: string;
}

export function AgentSelect({ by, value, name, onChange, ...props }: AgentSelectProps) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.replace(/ · .*$/, '').trim());
  const mayRead = useCan('agents:read');
  const found = useRead(
    agentsApi.listAgents,
    { query: { search: search || undefined, limit: 20 } },
    { enabled: mayRead, staleTime: 60_000, placeholderData: (before) => before },
  );
  if (!mayRead)
    return (
      <TextInput {...props} value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value)} />
    );
  const options = (found.data?.items ?? []).map((agent) => ({
    value: by === 'code' ? agent.code : agent.id,
    label: `${[agent.firstName, agent.lastName].filter(Boolean).join(' ') || 'Erased'} · ${agent.code}`,
  }));
  if (value && !options.some((option) => option.value === value))
    options.unshift({ value, label: name ?? value });
  return (
    <Select
      {...props}
      data={options}
      value={value || null}
      onChange={onChange}
      searchable
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      nothingFoundMessage="No agent is found"
      placeholder="Name or code"
    />
  );
}
