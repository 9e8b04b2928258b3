/** Forms: checked by a zod schema before sending, and by the server's answer afterwards. */
import { Alert, Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import type { z } from 'zod';
import { ApiError } from './calls.ts';
import classes from './form.module.css';
import { handedOver, pathOf, sameValues, valueAt, withoutBlanks, withValue } from './form-values.ts';

// biome-ignore lint/suspicious/noExplicitAny: a form's values are whatever its fields hold.
type FieldValues = Record<string, any>;

export interface FieldProps {
  // biome-ignore lint/suspicious/noExplicitAny: spread onto whichever input it is.
  value?: any;
  checked?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: inputs hand over events or values.
  onChange: (value: any) => void;
  onBlur?: () => void;
  error?: ReactNode;
  'data-path': string;
}

export interface ZodForm<Values extends FieldValues> {
  values: Values;
  /** Props of the input at a path: `field('shares.0.percent')`; `'checkbox'` for checkboxes and switches. */
  field: (path: string, type?: 'input' | 'checkbox') => FieldProps;
  set: (path: string, value: unknown) => void;
  /** Puts other values in, and counts them as unchanged. */
  reset: (values?: Values) => void;
  insert: (path: string, item: unknown) => void;
  remove: (path: string, index: number) => void;
  dirty: boolean;
  busy: boolean;
  /** What belongs to no field. */
  problem: { message: string; remedy?: string; faults: readonly { at: string; message: string }[] } | null;
  submit: () => Promise<void>;
}

export interface ZodFormOptions<Values extends FieldValues, Checked, Answer> {
  initial: Values;
  /** Sends what the schema made of the values; blanks ('') are left out. */
  submit: (values: Checked) => Promise<Answer>;
  onDone?: (answer: Answer) => void;
}

/** A form held to a schema; see the README. */
export function useZodForm<Values extends FieldValues, S extends z.ZodType, Answer>(
  schema: S,
  { initial, submit, onDone }: ZodFormOptions<Values, z.output<S>, Answer>,
): ZodForm<Values> {
  const [values, setValues] = useState(initial);
  /** What counts as unchanged. */
  const [saved, setSaved] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ZodForm<Values>['problem']>(null);
  const drawn = useRef(new Set<string>());

  const set = (path: string, value: unknown) => {
    setValues((before) => withValue(before, path, value));
    setErrors(({ [path]: _mended, ...others }) => others);
  };

  /** Puts faults on their fields and the eye on the first; the rest stands above the form. */
  const show = (
    faults: { path: string; message: string }[],
    problemAbove?: { message: string; remedy?: string },
  ) => {
    const mine = faults.filter(({ path }) => drawn.current.has(path));
    const rest = faults.filter(({ path }) => !drawn.current.has(path));
    setErrors(Object.fromEntries(mine.map(({ path, message }) => [path, message])));
    if (rest.length > 0 || mine.length === 0) {
      setProblem({
        ...(problemAbove ?? { message: 'Something is not right.' }),
        faults: rest.map(({ path, message }) => ({ at: path, message })),
      });
    }
    if (mine[0]) focusField(mine[0].path);
  };

  const send = async () => {
    if (busy) return;
    setProblem(null);
    setErrors({});
    const checked = schema.safeParse(withoutBlanks(values));
    if (!checked.success) {
      show(checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: messageOf(issue) })));
      return;
    }
    setBusy(true);
    try {
      const answer = await submit(checked.data);
      setSaved(values);
      onDone?.(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      show(
        error.faults.map(({ at, message }) => ({ path: pathOf(at), message })),
        error,
      );
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    field: (path, type = 'input') => {
      drawn.current.add(path);
      const value = valueAt(values, path);
      return {
        ...(type === 'checkbox'
          ? { checked: value === true }
          : { value: value ?? (isNullable(initial, path) ? null : '') }),
        onChange: (given: unknown) => {
          const next = handedOver(given, type);
          set(path, next === null && !isNullable(initial, path) ? '' : next);
        },
        error: errors[path],
        'data-path': path,
      };
    },
    set,
    reset: (next = initial) => {
      setValues(next);
      setSaved(next);
      setErrors({});
      setProblem(null);
    },
    insert: (path, item) => set(path, [...((valueAt(values, path) as unknown[] | undefined) ?? []), item]),
    remove: (path, index) => {
      set(path, (valueAt(values, path) as unknown[]).toSpliced(index, 1));
      setErrors({});
    },
    dirty: !sameValues(values, saved),
    busy,
    problem,
    submit: send,
  };
}

/** A field that began as null may be null again; any other is blank when it is cleared. */
function isNullable(initial: unknown, path: string): boolean {
  return valueAt(initial, path) === null;
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && (issue.input === undefined || issue.input === null))
    return 'This is needed.';
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1)
    return 'This is needed.';
  return issue.message.replace(/^Invalid (input|string): /, '');
}

function focusField(path: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  });
}

/** What went wrong with a form as a whole. */
export function FormProblem<Values extends FieldValues>({ form }: { form: ZodForm<Values> }) {
  if (!form.problem) return null;
  const { message, remedy, faults } = form.problem;
  return (
    <Alert color="red" variant="light" className={classes.problem} role="alert">
      <strong>{message}</strong>
      {remedy && <div>{remedy}</div>}
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={`${fault.at}${fault.message}`}>
              {fault.at && <code>{fault.at}</code>} {fault.message}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

/** A form in the page. */
export function Form<Values extends FieldValues>({
  form,
  submitLabel,
  children,
  secondary,
}: {
  form: ZodForm<Values>;
  submitLabel: string;
  children: ReactNode;
  /** Beside the submit button. */
  secondary?: ReactNode;
}) {
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <FormProblem form={form} />
      {children}
      <div className={classes.foot}>
        <Button type="submit" loading={form.busy}>
          {submitLabel}
        </Button>
        {secondary}
      </div>
    </form>
  );
}
