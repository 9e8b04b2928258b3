/**
 * Processor time of processes, from /proc: what a sale costs does not depend on what else the machine does,
 * as its rate does.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of processor time that a process and all it started have used; threads included. */
export function processorSeconds(pid: number): number {
  let ticks = 0;
  for (const each of family(pid)) {
    const fields = statOf(each);
    // utime, stime, and those of children that have ended.
    if (fields) for (const place of [11, 12, 13, 14]) ticks += Number(fields[place]);
  }
  return ticks / 100;
}

/** A process and its descendants. */
export function family(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(Number(name))?.[1]);
    const children = parents.get(parent);
    if (children) children.push(Number(name));
    else parents.set(parent, [Number(name)]);
  }
  const all = [pid];
  for (const each of all) all.push(...(parents.get(each) ?? []));
  return all;
}

/** Fields after the name, the state first; undefined when it has gone. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
