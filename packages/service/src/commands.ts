import type { Database } from '@moonbase/data';
import type { Service } from './declaration.ts';

/** A command that a service adds to the CLI: `moon <name>`. */
export interface Command {
  /** As in help: `import <source>`. */
  usage: string;
  summary: string;
  /** Flags as the CLI's parser writes them: `['--rate <perSecond>', 'sales a second', '5']`. */
  options?: readonly (readonly [flags: string, summary: string, fallback?: string])[];
  /**
   * @param args positional arguments, in order
   * @param options values of flags by camel-cased name
   * @param world where the running installation is reached, and with what right
   */
  run(
    args: string[],
    options: Record<string, string | boolean | undefined>,
    world: CommandWorld,
  ): Promise<void>;
}

export interface CommandWorld {
  /** `http://127.0.0.1:8000`. */
  url: string;
  /** An API key for the running installation with the scopes, made for this run and expiring with it. */
  key(...scopes: string[]): Promise<string>;
  /**
   * The installation's database as a host sees it, whether the installation runs or not; opened at the first
   * call, closed by the CLI when the command ends.
   */
  database(): Promise<Database>;
  print(line: string): void;
  /** A line that is overwritten: progress. */
  progress(line: string): void;
  services: readonly Service[];
  signal: AbortSignal;
}
