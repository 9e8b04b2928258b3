/**
 * The data folder: one Moonbase at a time uses it, and tells other commands where it is reached.
 *
 * The lock is a file with the process that holds it. A killed process leaves the file, so whoever comes
 * next looks whether that process lives; its start time tells it from another that got the same pid.
 */
import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@moonbase/data';
import { Failure } from './failure.ts';

/** What other commands need to know of a running Moonbase. */
export interface Installation {
  pid: number;
  /** `http://127.0.0.1:8000` */
  url: string;
  databaseUrl: string;
}

/** Makes the folder, or says why it can't be used. */
export function openDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      EACCES: 'you may not write there',
      EEXIST: 'it is a file',
      ENOTDIR: 'a part of the path is a file',
      EROFS: 'the disk is read-only',
      ENOSPC: 'the disk is full',
    };
    throw new DataError('data_folder_unusable', {
      detail: `${folder}: ${reasons[code ?? ''] ?? message}.`,
      cause,
    });
  }
}

/**
 * Takes the folder for this process.
 *
 * @returns gives it back
 * @throws DataError `data_folder_locked`
 */
export function lockDataFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  const mine = `${process.pid} ${startTimeOf(process.pid)}`;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (claim(file, mine)) {
      return () => {
        if (readText(file) === mine) rmSync(file, { force: true });
      };
    }
    const holder = readText(file);
    if (holder === '') continue;
    if (isHeld(holder)) {
      const [pid] = holder.split(' ');
      throw new DataError('data_folder_locked', { detail: `${folder} is in use by process ${pid}.` });
    }
    // Put aside under a name of its own; if another start was faster, it is theirs that moved: give it back.
    const aside = `${file}.${process.pid}`;
    try {
      renameSync(file, aside);
    } catch {
      continue;
    }
    if (readText(aside) !== holder) claim(file, readText(aside));
    rmSync(aside, { force: true });
  }
  throw new DataError('data_folder_locked', { detail: `${folder} is being started by another process.` });
}

/** Writes the file whole or not at all: it never exists empty. */
function claim(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function isHeld(holder: string): boolean {
  const [pid, started] = holder.split(' ').map(Number);
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTimeOf(pid) === started;
}

/** In ticks since the machine started; 0 where the system does not tell. */
function startTimeOf(pid: number): number {
  const line = readText(`/proc/${pid}/stat`);
  // After the command in parentheses, which may hold anything; field 22 of the line.
  return Number(line.replace(/^.*\) /s, '').split(' ')[19] ?? 0) || 0;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Tells other commands where this Moonbase is reached. Only this user may read it: it holds a password. */
export function writeInstallation(folder: string, installation: Installation): void {
  const file = join(folder, 'installation.json');
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(installation), { mode: 0o600 });
}

export function removeInstallation(folder: string): void {
  rmSync(join(folder, 'installation.json'), { force: true });
}

/** Where the Moonbase of the data folder is reached; undefined where none runs. @throws Failure if this user may not know */
export function findInstallation(folder: string): Installation | undefined {
  const file = join(folder, 'installation.json');
  try {
    const installation: Installation = JSON.parse(readFileSync(file, 'utf8'));
    return isHeld(readText(join(folder, 'lock'))) ? installation : undefined;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
    throw new Failure(`${file} cannot be read by this user.`, 'Run this as the user that started Moonbase.');
  }
}

/** The same. @throws Failure also where none runs */
export function readInstallation(folder: string): Installation {
  const installation = findInstallation(folder);
  if (installation) return installation;
  const remedy = 'Start it with ./moon start, or name another folder with --data.';
  throw new Failure(`No Moonbase runs on ${folder}.`, remedy);
}
