/** Adds the commands that services bring to the program. */
import type { Service, Command as ServiceCommand } from '@moonbase/service';
import { Command } from 'commander';
import { runInWorld } from '../command-world.ts';
import { dataOption } from '../data-option.ts';
import type { Environment } from '../environment.ts';

/** `insights reconcile` becomes a command `reconcile` below `insights`. */
export function addServiceCommands(
  program: Command,
  services: readonly Service[],
  environment: Environment,
): void {
  for (const service of services) {
    for (const command of service.commands ?? []) addCommand(program, command, services, environment);
  }
}

function addCommand(
  program: Command,
  declared: ServiceCommand,
  services: readonly Service[],
  environment: Environment,
): void {
  const [, names = '', args = ''] = /^((?:[a-z][a-z0-9-]*\s?)+)(.*)$/.exec(declared.usage) ?? [];
  const path = names.trim().split(' ');
  const name = path.pop() ?? declared.usage;
  let parent = program;
  for (const step of path) {
    parent = parent.commands.find((each) => each.name() === step) ?? parent.command(step);
  }
  const command = new Command(name).description(declared.summary).addOption(dataOption(environment));
  if (args) command.arguments(args);
  for (const [flags, summary, fallback] of declared.options ?? []) command.option(flags, summary, fallback);
  command.action(async () => {
    const { data, ...options } = command.opts();
    const given = command.processedArgs.flat().filter((each) => each !== undefined);
    await runInWorld({ dataFolder: data, services, environment }, (world) =>
      declared.run(given, options, world),
    );
  });
  parent.addCommand(command.copyInheritedSettings(parent));
}
