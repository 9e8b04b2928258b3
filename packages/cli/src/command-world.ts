/** What a command of a service is given: the running installation, and its database in any case. */
import { Database } from '@moonbase/data';
import type { CommandWorld, Service } from '@moonbase/service';
import { findInstallation, lockDataFolder, openDataFolder, readInstallation } from './data-folder.ts';
import type { Environment } from './environment.ts';
import { openDatabase } from './open-database.ts';
import { makeKey } from './people.ts';
import { takeSecretKeys } from './secret-key.ts';

export interface WorldOptions {
  dataFolder: string;
  services: readonly Service[];
  environment: Environment;
}

/** Runs the work in a world, and takes its keys back and closes what it opened when it has ended. */
export async function runInWorld(
  options: WorldOptions,
  work: (world: CommandWorld) => Promise<void>,
): Promise<void> {
  const { dataFolder, services, environment } = options;
  const closers: (() => Promise<unknown>)[] = [];
  let opened: Promise<Database> | undefined;
  const database = () => {
    opened ??= openFor(dataFolder, environment, closers);
    return opened;
  };
  const interruption = new AbortController();
  // The first Ctrl-C asks the command to end by itself, the second ends the process.
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  const progress = progressOf(process.stdout);
  try {
    await work({
      get url() {
        return readInstallation(dataFolder).url;
      },
      services,
      signal: interruption.signal,
      print: progress.print,
      progress: progress.show,
      database,
      key: async (...scopes) => {
        readInstallation(dataFolder);
        const { secret, revoke } = await makeKey(await database(), scopes);
        closers.push(revoke);
        return secret;
      },
    });
  } finally {
    progress.end();
    process.off('SIGINT', interrupt);
    for (const close of closers.reverse()) await close().catch(() => {});
  }
}

/** The database of the installation that runs, or else the one that would be started. */
async function openFor(
  dataFolder: string,
  environment: Environment,
  closers: (() => Promise<unknown>)[],
): Promise<Database> {
  let url = findInstallation(dataFolder)?.databaseUrl;
  if (!url) {
    openDataFolder(dataFolder);
    const unlock = lockDataFolder(dataFolder);
    closers.push(async () => unlock());
    const server = await openDatabase({
      databaseUrl: environment.DATABASE_URL,
      allowPlaintext: environment.MOON_ALLOW_PLAINTEXT,
      dataFolder,
    });
    closers.push(() => server.close());
    url = server.url;
  }
  takeSecretKeys(environment, dataFolder);
  const database = new Database({ url, connections: 2, name: 'moon command' });
  closers.push(() => database.close());
  return database;
}

/** A line that is overwritten on a terminal, and left out elsewhere. */
function progressOf(out: { isTTY?: boolean; write(text: string): unknown }) {
  let shown = false;
  const clear = (text: string) => {
    if (shown) out.write(text);
    shown = false;
  };
  return {
    show(line: string) {
      if (!out.isTTY) return;
      out.write(`\r\x1b[2K${line}`);
      shown = true;
    },
    print(line: string) {
      clear('\r\x1b[2K');
      out.write(`${line}\n`);
    },
    end: () => clear('\n'),
  };
}
