import '@mantine/dates/styles.layer.css';
import { DateInput, DatesProvider, DateTimePicker } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { calendarLabels } from '../calendar-labels.ts';
import type { DayInputProps } from '../day-input.tsx';
import { firstDayOfWeek } from '../first-day.ts';
import { useFormats } from '../values.tsx';
import { useViewer } from '../viewer.tsx';
import { instantOf, wallTimeOf } from '../wall-time.ts';

/** Mantine's calendar fields on plain strings. */
export default function CalendarInput({
  kind,
  value,
  onChange,
  min,
  max,
  ...rest
}: DayInputProps & { kind: 'day' | 'moment' }) {
  const { locale, zone } = useViewer();
  const wallZone = zone ?? undefined;
  const formats = useFormats();
  const settings = { firstDayOfWeek: firstDayOfWeek(locale) };
  const shared = {
    ...rest,
    size: 'sm' as const,
    ariaLabels: calendarLabels,
    minDate: min,
    maxDate: max,
    leftSection: <IconCalendar size={15} />,
    leftSectionPointerEvents: 'none' as const,
    popoverProps: { shadow: 'md' },
  };
  return (
    <DatesProvider settings={settings}>
      {kind === 'day' ? (
        <DateInput
          {...shared}
          valueFormat={(day) => formats.day(day)}
          dateParser={(text) => (value && text === formats.day(value) ? value : readDay(text))}
          value={value || null}
          onChange={(day) => onChange?.(day ?? '')}
        />
      ) : (
        <DateTimePicker
          {...shared}
          valueFormat={(moment) => formats.time(instantOf(moment, wallZone))}
          value={value ? wallTimeOf(value, wallZone) : null}
          onChange={(moment) => onChange?.(moment ? instantOf(moment, wallZone) : '')}
        />
      )}
    </DatesProvider>
  );
}

/** Typed days: 2026-3-1, 2026/03/01, 1 Mar 2026. */
function readDay(text: string): string | null {
  const match = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text.trim());
  if (!match) {
    const read = /[a-z]/i.test(text) ? new Date(`${text} 12:00 UTC`) : undefined;
    return read && !Number.isNaN(read.getTime()) ? read.toISOString().slice(0, 10) : null;
  }
  const [, year, month, day] = match;
  const iso = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  return Number.isNaN(Date.parse(iso)) ? null : iso;
}
