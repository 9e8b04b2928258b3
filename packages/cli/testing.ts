/** For tests: the command line in a process of its own, as people meet it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const cli = join(import.meta.dirname, 'src', 'cli.ts');

export interface Ended {
  code: number | null;
  out: string;
  errors: string;
}

export interface RunningCommand {
  child: ChildProcess;
  /** What it has printed so far. */
  readonly out: string;
  readonly errors: string;
  /** Resolves when the text was printed; throws when the command ends without. */
  says(text: string | RegExp, milliseconds?: number): Promise<void>;
  ended: Promise<Ended>;
}

export interface CommandOptions {
  env?: Record<string, string>;
  /** As whom. */
  uid?: number;
}

/** Starts `moon <args>`. The environment is the least it needs, and what is given. */
export function runMoon(args: string[], options: CommandOptions = {}): RunningCommand {
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    env: { PATH, HOME, ...options.env },
    uid: options.uid,
    gid: options.uid,
    cwd: '/',
  });
  let [out, errors] = ['', ''];
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (data) => {
    out += data;
    tell();
  });
  child.stderr.on('data', (data) => {
    errors += data;
    tell();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, out, errors });
      tell();
    });
  });
  return {
    child,
    get out() {
      return out;
    },
    get errors() {
      return errors;
    },
    says: (text, milliseconds = 120_000) =>
      new Promise((resolve, reject) => {
        const done = (error?: Error) => {
          clearTimeout(timer);
          listeners.delete(look);
          if (error) reject(error);
          else resolve();
        };
        const look = () => {
          if (typeof text === 'string' ? out.includes(text) : text.test(out)) return done();
          if (child.exitCode !== null || child.signalCode !== null) {
            done(
              new Error(
                `It ended (${child.exitCode ?? child.signalCode}) without saying ${text}:\n${out}\n${errors}`,
              ),
            );
          }
        };
        const timer = setTimeout(
          () => done(new Error(`It has not said ${text}:\n${out}\n${errors}`)),
          milliseconds,
        );
        listeners.add(look);
        look();
      }),
    ended,
  };
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
