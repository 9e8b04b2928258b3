/** Forms: checked by a zod schema before sending, and by the server's answer afterwards. */
import { Alert, Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useRef, useState } from 'react';
import type { z } from 'zod';
import { ApiError } from './calls.ts';
import classes from './form.module.css';

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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ZodForm<Values>['problem']>(null);
  const drawn = useRef(new Set<string>());
  const form = useForm<FieldValues>({ initialValues: initial });

  const send = async () => {
    if (busy) return;
    setProblem(null);
    form.clearErrors();
    const checked = schema.safeParse(withoutBlanks(form.getValues()));
    if (!checked.success) {
      show(checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: messageOf(issue) })));
      return;
    }
    setBusy(true);
    try {
      const answer = await submit(checked.data);
      form.resetDirty();
      onDone?.(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const faults = error.faults.map(({ at, message }) => ({ path: pathOf(at), message }));
      const rest = show(faults);
      if (rest.length > 0 || faults.length === 0) {
        setProblem({
          message: error.message,
          remedy: error.remedy,
          faults: rest.map(({ path, message }) => ({ at: path, message })),
        });
      }
    } finally {
      setBusy(false);
    }
  };

  /** Puts faults on their fields and the eye on the first; returns those whose field is not there. */
  const show = (faults: { path: string; message: string }[]) => {
    const mine = faults.filter(({ path }) => drawn.current.has(path));
    const rest = faults.filter(({ path }) => !drawn.current.has(path));
    form.setErrors(Object.fromEntries(mine.map(({ path, message }) => [path, message])));
    if (mine[0]) focusField(mine[0].path);
    else if (rest.length > 0) {
      const message = rest.length === 1 ? 'One thing is not right.' : 'Some things are not right.';
      setProblem({ message, faults: rest.map(({ path, message: told }) => ({ at: path, message: told })) });
    }
    return rest;
  };

  return {
    values: form.values as Values,
    field: (path, type = 'input') => {
      drawn.current.add(path);
      return { ...form.getInputProps(path, { type }), 'data-path': path };
    },
    set: (path, value) => form.setFieldValue(path, value),
    reset: (values = initial) => {
      form.setValues(values);
      form.resetDirty(values);
      form.clearErrors();
      setProblem(null);
    },
    insert: (path, item) => form.insertListItem(path, item),
    remove: (path, index) => form.removeListItem(path, index),
    dirty: form.isDirty(),
    busy,
    problem,
    submit: send,
  };
}

/** `/shares/0/percent` → `shares.0.percent`. */
export function pathOf(at: string): string {
  return at
    .replace(/^#?\//, '')
    .replace(/^body\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'This is needed.';
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1)
    return 'This is needed.';
  return issue.message.replace(/^Invalid (input|string): /, '');
}

/** An empty field is one that says nothing. */
function withoutBlanks(value: unknown): unknown {
  if (value === '') return undefined;
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (value === null || typeof value !== 'object' || value.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutBlanks(each)]));
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
