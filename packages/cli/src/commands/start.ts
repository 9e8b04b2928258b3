/**
 * `moon start`: everything in this process, PostgreSQL beside it.
 *
 * The way up: data folder → its lock → the master key → is the port free → the database, with the console's build beside it →
 * migrations → the first administrator → the host → demo data → ready. Each step puts its undoing on a pile;
 * a signal or a failure at any time takes the pile down from the top: the host first, the server last.
 */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Database } from '@moonbase/data';
import { createHost, installServices, type Service } from '@moonbase/service';
import { createLogger, type Logger, startTracing } from '@moonbase/telemetry';
import { buildConsole } from '../build-console.ts';
import { lockDataFolder, openDataFolder, removeInstallation, writeInstallation } from '../data-folder.ts';
import { demoState, fillDemo, makeAnew, rememberDemo, wasCutShort } from '../demo.ts';
import type { Environment } from '../environment.ts';
import { describeFailure, Failure } from '../failure.ts';
import { findServices } from '../find-services.ts';
import { openDatabase } from '../open-database.ts';
import { ensureFirstAdministrator } from '../people.ts';
import { Pile } from '../pile.ts';
import { checkSecrets, isProduction, takeSecretKeys } from '../secret-key.ts';

export interface StartOptions {
  port: number;
  host: string;
  /** The data folder. */
  data: string;
  /** No demo data. */
  empty?: boolean;
}

/** Resolves when everything is ready; the process then stays until a signal. */
export async function start(options: StartOptions, environment: Environment): Promise<void> {
  const terminal = Boolean(process.stdout.isTTY);
  const level = environment.LOG_LEVEL ?? (terminal ? 'warn' : 'info');
  const log = createLogger({ level, pretty: terminal });
  const pile = new Pile();
  const interruption = new AbortController();
  let up: Promise<void> = Promise.resolve();
  stopOnSignals(log, async () => {
    interruption.abort();
    // The step under way ends first: what it has begun is then on the pile.
    await up.catch(() => {});
    await pile.takeDown((error) => console.error(describeFailure(error)));
  });
  up = bringUp(options, environment, { pile, log, interruption: interruption.signal });
  try {
    await up;
  } catch (error) {
    await pile.takeDown();
    if (!interruption.signal.aborted) throw error;
  }
}

interface Surroundings {
  pile: Pile;
  log: Logger;
  /** Aborted by a signal. */
  interruption: AbortSignal;
}

async function bringUp(
  options: StartOptions,
  environment: Environment,
  { pile, log, interruption }: Surroundings,
): Promise<void> {
  const { data, port, host: address } = options;
  openDataFolder(data);
  await pile.push(lockDataFolder(data));
  const keys = takeSecretKeys(environment, data);
  if (isProduction(environment, address)) await checkSecrets(environment, keys);
  await checkPort(address, port);
  interruption.throwIfAborted();
  await pile.push(await startTracing(process.env));
  // Beside the database's start; awaited before the host, and its failure is nobody's until then.
  const building = buildConsole(join(data, 'console'), interruption);
  building.catch(() => {});
  const loading = findServices();
  loading.catch(() => {});
  const database = await openDatabase({
    databaseUrl: environment.DATABASE_URL,
    allowPlaintext: environment.MOON_ALLOW_PLAINTEXT,
    dataFolder: data,
    onRestart: (err) => {
      if (err) log.error({ err }, 'PostgreSQL had died and could not be started again');
      else log.warn('PostgreSQL had died and was started again');
    },
  });
  await pile.push(() => database.close());
  interruption.throwIfAborted();

  const services = await loading;
  const { administrator, fill } = await prepare(options, environment, { ...database, services });
  interruption.throwIfAborted();

  const host = createHost({
    services,
    databaseUrl: database.url,
    port,
    host: address,
    dataFolder: data,
    consoleFolder: await building,
    log,
    behindProxy: environment.MOON_BEHIND_PROXY,
  });
  await pile.push(() => host.stop());
  await host.start().catch((cause) => {
    // Somebody took the port meanwhile.
    throw portFailure(cause, address, port);
  });
  interruption.throwIfAborted();
  if (fill) {
    const owner = new Database({ url: database.url, role: 'owner', connections: 1 });
    try {
      console.log('Filling the demo data (once) …');
      await fillDemo(services, host, interruption);
      await rememberDemo(owner, 'filled');
    } finally {
      await owner.close();
    }
  }
  writeInstallation(data, { pid: process.pid, url: host.url, databaseUrl: database.url });
  await pile.push(() => removeInstallation(data));
  announce(host.url, data, administrator);
}

/** Migrations, what is to be done about demo data, and the first administrator. */
async function prepare(
  { empty, data }: StartOptions,
  environment: Environment,
  { url, embedded, services }: { url: string; embedded: boolean; services: readonly Service[] },
): Promise<{ administrator: { email: string; password: string } | undefined; fill: boolean }> {
  if (embedded && (await wasCutShort(url))) {
    console.log('The first start was cut short: beginning anew.');
    await makeAnew(url, data);
  }
  const owner = new Database({ url, role: 'owner', connections: 2 });
  const db = new Database({ url, connections: 1 });
  try {
    await installServices(owner, services);
    let state = await demoState(owner);
    if (!state) {
      state = embedded && !empty ? 'filling' : 'none';
      await rememberDemo(owner, state);
    }
    const administrator = await ensureFirstAdministrator(db, {
      email: environment.MOON_ADMIN_EMAIL,
      password: environment.MOON_ADMIN_PASSWORD,
    });
    return { administrator, fill: state === 'filling' };
  } finally {
    await Promise.all([owner.close(), db.close()]);
  }
}

function announce(
  url: string,
  data: string,
  administrator: { email: string; password: string } | undefined,
): void {
  console.log(`
  Moonbase is ready.

  Console   ${url}
  Data      ${data}`);
  if (administrator) {
    console.log(`  Sign in   ${administrator.email}
  Password  ${administrator.password}   (shown once: note it down)`);
  }
  console.log('\n  Ctrl-C stops it.\n');
}

/** @throws Failure with what to do when the port can't be had */
async function checkPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (cause) => reject(portFailure(cause, host, port)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** What an error of listening means for whoever chose the port; other errors as they are. */
function portFailure(cause: unknown, host: string, port: number): unknown {
  const next = port === 65_535 ? 8000 : port + 1;
  const noAddress = [`${host} is no address of this machine.`, 'Choose another: --host 127.0.0.1.'] as const;
  const failures: Record<string, readonly [string, string]> = {
    EADDRINUSE: [`Port ${port} is in use.`, `Stop what uses it, or choose another: --port ${next}.`],
    EACCES: [`Port ${port} is for root only.`, 'Choose one above 1023: --port 8000.'],
    EADDRNOTAVAIL: noAddress,
    ENOTFOUND: noAddress,
    EAI_AGAIN: noAddress,
  };
  const failure = failures[(cause as NodeJS.ErrnoException).code ?? ''];
  return failure ? new Failure(...failure, { cause }) : cause;
}

/**
 * The first signal stops everything and ends the process with 0; the second ends it at once, and the next
 * start clears up. A fault that nobody caught stops everything too, and ends with 1.
 */
function stopOnSignals(log: Logger, stopAll: () => Promise<void>): void {
  let stopping = false;
  const stop = (code: number) => {
    if (stopping) process.exit(130);
    stopping = true;
    if (code === 0) console.log('\nStopping … (again to force)');
    // Nothing may keep us for ever: what hangs is cleared up by the next start.
    setTimeout(() => process.exit(1), 60_000).unref();
    void stopAll().finally(() => process.exit(code));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  // Whoever read what we print has gone: no reason to stop working.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (err) => {
      log.fatal({ err }, 'a fault that nobody caught');
      if (!stopping) stop(1);
    });
  }
}
