import '@mantine/dates/styles.layer.css';
import { Button, Popover } from '@mantine/core';
import { DatePicker, DatesProvider } from '@mantine/dates';
import { IconCalendar, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { usePeriod } from '../address.tsx';
import { calendarLabels } from '../calendar-labels.ts';
import classes from '../filter-bar.module.css';
import type { Filter } from '../filter-bar.tsx';
import { firstDayOfWeek } from '../first-day.ts';
import { presets } from '../periods.ts';
import { useFormats } from '../values.tsx';
import { useViewer } from '../viewer.tsx';

const usual = [
  'today',
  'yesterday',
  'last-7-days',
  'last-30-days',
  'this-month',
  'last-month',
  'this-quarter',
  'this-year',
  'all',
];

/** A period: one of the usual ones, or from one day to another. */
export default function PeriodSelect({
  filter,
  value,
  set,
}: {
  filter: Extract<Filter, { kind: 'period' }>;
  value: string | undefined;
  set: (to: unknown) => void;
}) {
  const [opened, setOpened] = useState(false);
  const [range, setRange] = useState<[string | null, string | null]>([null, null]);
  const period = usePeriod(value, filter.fallback);
  const formats = useFormats();
  const { locale } = useViewer();
  const custom = period.key.includes('..');
  const days =
    period.from && period.to
      ? period.from === period.to
        ? formats.day(period.from)
        : `${formats.day(period.from, 'short')} – ${formats.day(period.to)}`
      : undefined;
  const choose = (key: string) => {
    set(key === filter.fallback && !filter.blank ? undefined : key);
    setOpened(false);
  };
  const offered = filter.presets ?? usual;
  const shown = value === undefined && filter.blank ? filter.blank : custom ? days : period.label;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      onOpen={() => setRange([period.from ?? null, period.to ?? null])}
      position="bottom-start"
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          className={classes.button}
          data-set={value !== undefined || undefined}
          leftSection={<IconCalendar size={15} />}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => setOpened((is) => !is)}
          title={days}
          aria-label={`${filter.label ?? 'Period'}: ${shown}`}
        >
          {shown}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.period} aria-label={filter.label ?? 'Period'}>
        <div className={classes.presets}>
          {presets
            .filter(([key]) => offered.includes(key))
            .map(([key, label]) => (
              <button
                key={key}
                type="button"
                aria-pressed={period.key === key && shown !== filter.blank}
                onClick={() => choose(key)}
              >
                {label}
              </button>
            ))}
        </div>
        <DatesProvider settings={{ firstDayOfWeek: firstDayOfWeek(locale) }}>
          <DatePicker
            type="range"
            size="xs"
            allowSingleDateInRange
            ariaLabels={calendarLabels}
            value={range}
            defaultDate={range[1] ?? undefined}
            onChange={(next) => {
              setRange(next);
              if (next[0] && next[1]) choose(`${next[0]}..${next[1]}`);
            }}
          />
        </DatesProvider>
      </Popover.Dropdown>
    </Popover>
  );
}
