/** A form at the side of the page. */
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import type { ZodForm } from './form.tsx';
import { useOpenedOnce } from './opened-once.ts';

export interface FormDrawerProps {
  title: string;
  /** A line above the fields. */
  lead?: ReactNode;
  opened: boolean;
  onClose: () => void;
  // biome-ignore lint/suspicious/noExplicitAny: the drawer does not look into the values.
  form: ZodForm<any>;
  submitLabel: string;
  size?: number;
  children: ReactNode;
}

const DrawerForm = lazy(() => import('./form-drawer/drawer-form.tsx'));

/** Closing it with unsaved changes asks first; closed, the form is as at the beginning. */
export function FormDrawer(props: FormDrawerProps) {
  const { opened, form } = props;
  const before = useRef(opened);
  useEffect(() => {
    if (before.current && !opened) form.reset();
    before.current = opened;
  }, [opened, form]);
  if (!useOpenedOnce(opened)) return null;
  return (
    <Suspense>
      <DrawerForm {...props} />
    </Suspense>
  );
}
