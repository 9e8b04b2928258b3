/**
 * The command line: `moon <command>`. Commands of our own are files of `commands/`; services bring further
 * ones in their declarations, and are loaded only when one of those, or help, is asked for.
 */
import { Command, Option } from 'commander';
import { bench } from './commands/bench.ts';
import { build } from './commands/build.ts';
import { addServiceCommands } from './commands/service-commands.ts';
import { status } from './commands/status.ts';
import { test } from './commands/test.ts';
import { dataOption } from './data-option.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { describeFailure, Failure } from './failure.ts';
import { findServices } from './find-services.ts';

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Failure(`${text} is no port.`, 'A port is a number from 1 to 65535.');
}

/** The program with our own commands. */
export function programOf(environment: Environment): Command {
  const program = new Command('moon').description('Moonbase: the services that a growing company runs on');
  program
    .command('start')
    .description('start everything and print where it is reached')
    .addOption(
      new Option('--port <port>', 'port of the console and the API')
        .default(environment.MOON_PORT ?? 8000)
        .argParser(portOf),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on').default(environment.MOON_HOST ?? '127.0.0.1'),
    )
    .addOption(dataOption(environment))
    .option('--empty', 'no demo data on first start')
    .action(async (options) => {
      // Loaded here: it brings the whole platform along, which `moon test` does not need.
      const { start } = await import('./commands/start.ts');
      await start(options, environment);
    });
  program
    .command('status')
    .description('tell whether the running Moonbase works, part by part')
    .addOption(dataOption(environment))
    .action(status);
  const backup = program
    .command('backup')
    .description('back up the keys of personal data, apart from the rest');
  backup
    .command('keys <folder>')
    .description('write the keys and pseudonyms, encrypted, and remove files past their period')
    .addOption(dataOption(environment))
    .action(async (folder: string, { data }) => {
      const { backupKeys } = await import('./commands/backup-keys.ts');
      await backupKeys(folder, data, environment);
    });
  backup
    .command('restore-keys <file>')
    .description('bring keys back into a restored database; the erased stay erased')
    .addOption(dataOption(environment))
    .action(async (file: string, { data }) => {
      const { restoreKeys } = await import('./commands/backup-keys.ts');
      await restoreKeys(file, data, environment);
    });
  program
    .command('privacy')
    .description('personal data')
    .command('check <kind> <id>')
    .description('tell what is left of an erased person, agent or policyholder (the id of the sale)')
    .addOption(dataOption(environment))
    .action(async (kind: string, id: string, { data }) => {
      const { checkErased } = await import('./commands/check-erased.ts');
      if (!(await checkErased(kind, id, data, environment))) process.exitCode = 1;
    });
  const secrets = program.command('secrets').description('the master key of the secrets in the database');
  secrets
    .command('status')
    .description('tell which master key the secrets are under')
    .addOption(dataOption(environment))
    .action(async ({ data }) => {
      const { secretsStatus } = await import('./commands/secrets.ts');
      await secretsStatus(data, environment);
    });
  secrets
    .command('rotate')
    .description('bring the secrets under the new master key; on a laptop, make one')
    .addOption(dataOption(environment))
    .action(async ({ data }) => {
      const { rotateSecrets } = await import('./commands/secrets.ts');
      await rotateSecrets(data, environment);
    });
  program
    .command('test')
    .argument('[filters...]', 'only test files whose path contains one of these')
    .description('type check, lint, boundaries and tests')
    .option('--all', 'with the long ones: fire, imports, whole installations')
    .action(async (filters, options) => {
      if (!(await test(filters, options, environment))) process.exitCode = 1;
    });
  program
    .command('bench')
    .argument('[names...]', 'only these')
    .description('run the benchmarks of bench/')
    .action(bench);
  program
    .command('build')
    .description("build the console's assets")
    .option('--reference', 'make docs/reference from the code instead')
    .action(build);
  return program;
}

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const program = programOf(environment);
  const [first] = process.argv.slice(2);
  if (!program.commands.some((command) => command.name() === first)) {
    addServiceCommands(program, await findServices(), environment);
  }
  if (!first) return program.help();
  await program.parseAsync();
}

try {
  await main();
} catch (error) {
  if (process.env.MOON_DEBUG) console.error(error);
  console.error(describeFailure(error));
  process.exit(1);
}
