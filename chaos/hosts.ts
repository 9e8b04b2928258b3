/** Host processes: started, killed without warning, started again on the same port. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Installation } from './installation.ts';

export interface HostProcess {
  readonly url: string;
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it answers; also where it was killed before. */
  start(): Promise<void>;
  /** Has it move what waits into the lake. */
  load(): void;
}

/** A process that has loaded everything and waits to be told which host it is. */
interface Fresh {
  process: ChildProcess;
  /** The end of what it wrote to its standard error. */
  said: () => string;
}

/** Hosts of one installation. */
export class Hosts {
  readonly all: HostProcess[] = [];
  /** How hosts ended that nobody killed: there must be none. */
  readonly died: string[] = [];
  /** How often hosts delivered events for the second time on purpose. */
  again = 0;
  readonly #installation: Installation;
  readonly #processes = new Set<ChildProcess>();

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  get urls(): string[] {
    return this.all.map((host) => host.url);
  }

  /** @param manner `twice`: delivers every event twice and late */
  async add(manner: 'plain' | 'twice' = 'plain'): Promise<HostProcess> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    let child: ChildProcess | undefined;
    let spare: Fresh | undefined;
    const host: HostProcess = {
      url,
      kill: async () => {
        const killed = child;
        child = undefined;
        if (!killed || killed.exitCode !== null || killed.signalCode !== null) return;
        const gone = once(killed, 'exit');
        killed.kill('SIGKILL');
        await gone;
      },
      start: async () => {
        const { databaseUrl, dataFolder } = this.#installation;
        const { process: started, said } = spare ?? this.#fresh();
        // The next one is loaded by the time that this one is killed.
        spare = this.#fresh();
        child = started;
        const ended = once(started, 'exit').then(([code, signal]) => {
          if (child === started) this.died.push(`${url} ended with ${code ?? signal}: ${said()}`);
          throw new Error(`The host ended before it answered: ${said()}`);
        });
        ended.catch(() => {});
        started.send({ databaseUrl, dataFolder, port, manner });
        const ready = new Promise<void>((resolve) => {
          started.on('message', (message) => {
            if (message === 'ready') resolve();
            if (message === 'again') this.again += 1;
          });
        });
        await Promise.race([ready, ended]);
      },
      load: () => void child?.send('load', () => {}),
    };
    await host.start();
    this.all.push(host);
    return host;
  }

  async killAll(): Promise<void> {
    await Promise.all(this.all.map((host) => host.kill()));
    for (const process of this.#processes) process.kill('SIGKILL');
  }

  #fresh(): Fresh {
    const process = fork(join(import.meta.dirname, 'run-host.ts'), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#processes.add(process);
    let said = '';
    process.stderr!.on('data', (text) => {
      said = `${said}${text}`.slice(-2_000);
    });
    return { process, said: () => said };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
