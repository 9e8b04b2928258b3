/**
 * The process behind a `postmaster.pid`: whether it lives, and whether it is the server of that folder.
 *
 * A pid alone says little: after `kill -9` or a restart of the machine another process may have it, and
 * in a container without an init a dead server stays as a zombie that still answers `kill -0`.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PidFile {
  pid: number;
  port: number;
  /** Seconds since 1970. */
  started: number;
}

/** What the server wrote when it started; undefined where it did not, or has not finished writing. */
export function readPidFile(cluster: string): PidFile | undefined {
  let text = '';
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const [pid, , started, port] = text.split('\n').map(Number);
  return pid ? { pid, port: port || 0, started: started || 0 } : undefined;
}

/** Whether a process with this pid runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    // After the command in parentheses, which may hold anything.
    const [state] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
    return state !== 'Z' && state !== 'X';
  } catch {
    // No /proc on this system, or it has just gone: the signal's answer stands.
    return true;
  }
}

/** Whether the process of the file is a server working in this folder, wherever the folder was at its start. */
export function isServerOf(file: PidFile, cluster: string): boolean {
  if (!isAlive(file.pid)) return false;
  try {
    const [there, here] = [statSync(`/proc/${file.pid}/cwd/`), statSync(cluster)];
    return there.ino === here.ino && there.dev === here.dev;
  } catch (error) {
    // Without /proc there is nothing better than the pid.
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return !existsSync('/proc/self');
    // Another user's process, and a container's root may not look at it: its name and start time tell.
    const started = startOf(file.pid);
    return nameOf(file.pid).startsWith('postgres') && Math.abs(started - file.started) <= 10;
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** When the process began, in seconds since 1970. */
function startOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    // Field 22 of the line, in hundredths of a second since the machine started.
    return boot + Number(fields[19]) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Waits until the process has gone. @returns false if it is still there after the time */
export async function hasGone(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await sleep(25);
  }
  return true;
}
