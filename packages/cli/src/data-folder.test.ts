import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  findInstallation,
  lockDataFolder,
  openDataFolder,
  readInstallation,
  writeInstallation,
} from './data-folder.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moonbase-folder-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const here = { pid: process.pid, url: 'http://127.0.0.1:8000', databaseUrl: 'postgres://x' };

/** A process that tries to take the folder. @returns what it says */
async function rival(): Promise<{ said: string; child: ChildProcess }> {
  const script = join(import.meta.dirname, '../fixtures/lock-folder.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder]);
  children.push(child);
  const said = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(`${data}`.trim())),
  );
  return { said, child };
}

test('a folder in use is refused, and free again when it was given back', async () => {
  const release = lockDataFolder(folder);
  expect(() => lockDataFolder(folder)).toThrow(`${folder} is in use by process ${process.pid}.`);
  expect((await rival()).said).toBe('data_folder_locked');
  release();
  expect((await rival()).said).toBe('locked');
});

test('a lock whose holder was killed is taken over', async () => {
  const { said, child } = await rival();
  expect(said).toBe('locked');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  lockDataFolder(folder)();
});

test('a lock whose pid another process has by now is taken over', () => {
  writeFileSync(join(folder, 'lock'), `${process.ppid} 1`);
  lockDataFolder(folder)();
});

test('a lock with nonsense in it is taken over', () => {
  writeFileSync(join(folder, 'lock'), 'nonsense');
  lockDataFolder(folder)();
});

test('of many that find a dead lock at once, one gets it, and nothing is left lying about', async () => {
  writeFileSync(join(folder, 'lock'), '999999999 1');
  const said = (await Promise.all(Array.from({ length: 6 }, rival))).map((each) => each.said);
  expect(said.filter((each) => each === 'locked')).toHaveLength(1);
  expect(said.filter((each) => each === 'data_folder_locked')).toHaveLength(5);
  expect(readdirSync(folder)).toEqual(['lock']);
});

test('a folder that is a file is refused with the reason', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openDataFolder(join(folder, 'file'))).toThrow('it is a file');
  expect(() => openDataFolder(join(folder, 'file', 'below'))).toThrow('a part of the path is a file');
});

test('other commands find the installation that runs, and its file is for this user only', () => {
  const release = lockDataFolder(folder);
  writeInstallation(folder, here);
  expect(readInstallation(folder)).toEqual(here);
  expect(statSync(join(folder, 'installation.json')).mode & 0o077).toBe(0);
  release();
});

test('an installation that is not running is not found, though its file is still there', () => {
  writeInstallation(folder, here);
  expect(readFileSync(join(folder, 'installation.json'), 'utf8')).toContain('8000');
  expect(findInstallation(folder)).toBeUndefined();
  expect(() => readInstallation(folder)).toThrow(`No Moonbase runs on ${folder}.`);
});
