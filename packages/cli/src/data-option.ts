import { join, resolve } from 'node:path';
import { Option } from 'commander';
import type { Environment } from './environment.ts';
import { repository } from './find-services.ts';

/** `--data`, as every command that meets an installation has it. */
export function dataOption(environment: Environment): Option {
  const folder = environment.MOON_DATA ? resolve(environment.MOON_DATA) : join(repository, '.moon');
  return new Option('--data <folder>', 'the data folder')
    .default(folder, environment.MOON_DATA ?? '.moon')
    .argParser((given) => resolve(given));
}
