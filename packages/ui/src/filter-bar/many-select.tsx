import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import classes from '../filter-bar.module.css';
import type { Option } from '../filter-bar.tsx';

/** Any number of options, behind a button that says how many are chosen. */
export function ManySelect({
  label,
  options,
  value,
  set,
}: {
  label: string;
  options: readonly Option[];
  value: readonly string[];
  set: (to: string[]) => void;
}) {
  const [text, setText] = useState('');
  const shown = options.filter((option) => option.label.toLowerCase().includes(text.toLowerCase()));
  const chosen = options.filter((option) => value.includes(option.value));
  const name =
    chosen.length === 0 ? label : chosen.length === 1 ? chosen[0]!.label : `${label}: ${value.length}`;
  return (
    <Popover position="bottom-start" trapFocus onClose={() => setText('')}>
      <Popover.Target>
        <Button
          variant="default"
          className={classes.button}
          data-set={value.length > 0 || undefined}
          rightSection={<IconChevronDown size={14} />}
        >
          {name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.many} aria-label={label}>
        {options.length > 8 && (
          <TextInput
            size="xs"
            aria-label={`Search ${label}`}
            placeholder="Search"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <div className={classes.options}>
          {shown.map((option) => (
            <Checkbox
              key={option.value}
              label={option.label}
              checked={value.includes(option.value)}
              onChange={(event) =>
                set(
                  event.currentTarget.checked
                    ? [...value, option.value]
                    : value.filter((each) => each !== option.value),
                )
              }
            />
          ))}
          {shown.length === 0 && <span className="mb-none">Nothing found</span>}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
