/** The filters of a list or a dashboard, bound to the page's address. */
import { Button, Chip, Select, TextInput } from '@mantine/core';
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { ManySelect } from './filter-bar/many-select.tsx';
import classes from './filter-bar.module.css';
import type { PeriodKey, PeriodPreset } from './periods.ts';

const PeriodSelect = lazy(() => import('./filter-bar/period-select.tsx'));

export interface Option {
  value: string;
  label: string;
}

export type Filter =
  | { kind: 'search'; key: string; label: string; placeholder?: string }
  | {
      kind: 'period';
      key: string;
      label?: string;
      fallback: PeriodKey;
      presets?: readonly PeriodPreset[];
      /** What the button says while none is chosen, where no period is then meant. */
      blank?: string;
    }
  | { kind: 'select'; key: string; label: string; options: readonly Option[] | undefined; required?: boolean }
  | { kind: 'many'; key: string; label: string; options: readonly Option[] | undefined }
  | { kind: 'toggle'; key: string; label: string };

export interface FilterBarProps<Values extends Record<string, unknown>> {
  /** Of useAddress. */
  value: Values;
  onChange: (change: Partial<Values>) => void;
  filters: readonly Filter[];
  /** At the right end: export, view switches. */
  actions?: ReactNode;
}

export function FilterBar<Values extends Record<string, unknown>>({
  value,
  onChange,
  filters,
  actions,
}: FilterBarProps<Values>) {
  const set = (key: string, to: unknown) => onChange({ [key]: to } as Partial<Values>);
  const isSet = filters.some((filter) => {
    const at = value[filter.key];
    return at !== undefined && at !== '' && !(filter.kind === 'select' && filter.required);
  });
  const clear = () => {
    const blank = filters
      .filter((filter) => !(filter.kind === 'select' && filter.required))
      .map((filter) => [filter.key, undefined]);
    onChange(Object.fromEntries(blank) as Partial<Values>);
  };
  return (
    <search className={classes.bar}>
      {filters.map((filter) => (
        <OneFilter
          key={filter.key}
          filter={filter}
          value={value[filter.key]}
          set={(to) => set(filter.key, to)}
        />
      ))}
      {isSet && (
        <Button variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={clear}>
          Clear
        </Button>
      )}
      {actions && <div className={classes.actions}>{actions}</div>}
    </search>
  );
}

function OneFilter({ filter, value, set }: { filter: Filter; value: unknown; set: (to: unknown) => void }) {
  switch (filter.kind) {
    case 'search':
      return <SearchField filter={filter} value={String(value ?? '')} set={set} />;
    case 'period':
      return (
        <Suspense fallback={<div className={classes.holder} />}>
          <PeriodSelect filter={filter} value={value as string | undefined} set={set} />
        </Suspense>
      );
    case 'select':
      return (
        <Select
          className={classes.select}
          data-set={value ? true : undefined}
          aria-label={filter.label}
          rightSection={value ? undefined : <IconChevronDown size={14} />}
          rightSectionPointerEvents={value ? undefined : 'none'}
          placeholder={filter.label}
          data={[...(filter.options ?? [])]}
          value={(value as string | undefined) ?? null}
          onChange={(to) => set(to ?? undefined)}
          clearable={!filter.required}
          allowDeselect={!filter.required}
          searchable={(filter.options?.length ?? 0) > 8}
          limit={100}
          nothingFoundMessage="Nothing found"
          comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
          maxDropdownHeight={320}
        />
      );
    case 'many':
      return (
        <ManySelect
          label={filter.label}
          options={filter.options ?? []}
          value={[value ?? []].flat() as string[]}
          set={(to) => set(to.length > 0 ? to : undefined)}
        />
      );
    case 'toggle': {
      const on = value === true || value === 'true';
      return (
        <Chip size="sm" variant="outline" checked={on} onChange={(next) => set(next ? 'true' : undefined)}>
          {filter.label}
        </Chip>
      );
    }
  }
}

/** Writes to the address when typing pauses, and follows the address when it changes from elsewhere. */
function SearchField({
  filter,
  value,
  set,
}: {
  filter: Extract<Filter, { kind: 'search' }>;
  value: string;
  set: (to: unknown) => void;
}) {
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== sent) {
    setSent(value);
    setText(value);
  }
  useEffect(() => {
    if (text === sent) return;
    const timer = setTimeout(() => {
      setSent(text);
      set(text || undefined);
    }, 250);
    return () => clearTimeout(timer);
  }, [text, sent, set]);
  return (
    <TextInput
      className={classes.search}
      type="search"
      data-page-search
      aria-label={filter.label}
      placeholder={filter.placeholder ?? filter.label}
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        setText('');
        event.currentTarget.blur();
      }}
    />
  );
}
