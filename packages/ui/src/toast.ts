/** Short messages at the edge of the window. What draws them is loaded with the first one. */
import type { ApiError } from './calls.ts';

export interface Toast {
  title: string;
  text?: string;
  tone?: 'good' | 'bad' | 'info';
  /** Shows an Undo button for as long as the toast stays. */
  undo?: () => Promise<unknown>;
  /** Where the toast leads: `{label: 'Open', to: '/sales/…'}`. */
  link?: { label: string; to: string };
}

export interface ShownToast extends Toast {
  id: number;
}

let shown: readonly ShownToast[] = [];
let last = 0;
const watchers = new Set<() => void>();

export const toasts = {
  list: () => shown,
  watch(watcher: () => void): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  close(id: number): void {
    change(shown.filter((each) => each.id !== id));
  },
};

function change(next: readonly ShownToast[]): void {
  shown = next;
  for (const watcher of watchers) watcher();
}

/** Shows a toast; at most three stand at once. */
export function toast(message: Toast): void {
  last += 1;
  change([...shown, { ...message, id: last }].slice(-3));
}

/** Shows what went wrong and what to do. */
export function toastError(error: ApiError | Error): void {
  const remedy = 'remedy' in error ? error.remedy : undefined;
  toast({ title: error.message, text: remedy, tone: 'bad' });
}
