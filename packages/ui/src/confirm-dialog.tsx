/** Asks before something that matters; with a reason where one is to be kept. */
import { lazy, type ReactNode, Suspense } from 'react';
import { useOpenedOnce } from './opened-once.ts';

export interface ConfirmDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  confirmLabel: string;
  /** Of the other button; «Go back» unless said. */
  cancelLabel?: string;
  /** The button is red: it takes something away. */
  danger?: boolean;
  /** Asks for a reason, and does not go on without one. A string is the field's label. */
  reason?: boolean | string;
  /** Must be typed to go on, for what can't be taken back. */
  typed?: string;
  onConfirm: (reason: string) => unknown;
  children?: ReactNode;
}

const Dialog = lazy(() => import('./confirm-dialog/dialog.tsx'));

/** What draws it is loaded when one is opened. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  if (!useOpenedOnce(props.opened)) return null;
  return (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  );
}
