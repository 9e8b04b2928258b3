/** Days and moments in forms, as strings; the calendar is loaded with the first one. */
import { TextInput } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';

export interface DayInputProps {
  label?: ReactNode;
  description?: ReactNode;
  error?: ReactNode;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  clearable?: boolean;
  /** `YYYY-MM-DD`, or an ISO instant for MomentInput; '' or null for none. */
  value?: string | null;
  onChange?: (value: string) => void;
  onBlur?: () => void;
  /** First and last day offered, `YYYY-MM-DD`. */
  min?: string;
  max?: string;
}

const Calendar = lazy(() => import('./day-input/calendar-input.tsx'));

function Loading(props: DayInputProps) {
  const { label, description, error, required } = props;
  return <TextInput {...{ label, description, error, required }} disabled />;
}

/** A business day, `YYYY-MM-DD`. */
export function DayInput(props: DayInputProps) {
  return (
    <Suspense fallback={<Loading {...props} />}>
      <Calendar {...props} kind="day" />
    </Suspense>
  );
}

/** A moment in the viewer's zone; takes and gives ISO instants. */
export function MomentInput(props: DayInputProps) {
  return (
    <Suspense fallback={<Loading {...props} />}>
      <Calendar {...props} kind="moment" />
    </Suspense>
  );
}
