/** Keyboard shortcuts: single keys, or two after each other (`g s`). None while typing, none with modifiers. */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** `r`, `?`, `g s`. */
  keys: string;
  label: string;
  /** Heading in the help. */
  group: string;
  run: () => void;
}

let known: readonly Shortcut[] = [];
const watchers = new Set<() => void>();
let before: { key: string; at: number } | undefined;

function change(next: readonly Shortcut[]): void {
  known = next;
  for (const tell of watchers) tell();
}

/** Adds shortcuts until the returned function is called; the latest of the same keys wins. */
export function addShortcuts(shortcuts: readonly Shortcut[]): () => void {
  change([...known, ...shortcuts]);
  return () => change(known.filter((each) => !shortcuts.includes(each)));
}

/** A shortcut while this component is there; listed under `?`. */
export function useShortcut(keys: string, label: string, run: () => void, group = 'This page'): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => addShortcuts([{ keys, label, group, run: () => latest.current() }]), [keys, label, group]);
}

export function useShortcutList(): readonly Shortcut[] {
  return useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => known,
  );
}

/** Finds what a key means and runs it; true when it was one. */
export function handleKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event))
    return false;
  const now = Date.now();
  const pair = before && now - before.at < 1_200 ? `${before.key} ${event.key}` : undefined;
  const found =
    known.findLast((each) => pair !== undefined && each.keys === pair) ??
    known.findLast((each) => each.keys === event.key);
  before = found ? undefined : { key: event.key, at: now };
  if (!found) return false;
  event.preventDefault();
  found.run();
  return true;
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (!target?.closest) return false;
  return (
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], dialog') !== null
  );
}
