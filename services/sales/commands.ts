/** What sales adds to the command line. */
import type { Command } from '@moonbase/service';
import { salesError } from './errors.ts';
import { importCsv, readMapping } from './features/import-csv.ts';
import { importLegacy } from './features/import-legacy.ts';
import { simulate } from './features/simulate.ts';

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

export const simulateCommand: Command = {
  usage: 'simulate',
  summary: 'Push believable sales, as a core system would, until Ctrl-C',
  options: [
    ['--rate <perSecond>', 'sales a second', '5'],
    ['--seconds <seconds>', 'end after so long'],
  ],
  run: async (_args, options, world) => {
    const rate = Number(options.rate);
    const seconds = options.seconds === undefined ? undefined : Number(options.seconds);
    if (!(rate > 0) || (seconds !== undefined && !(seconds > 0)))
      throw salesError('option_impossible', { detail: '--rate and --seconds are numbers above 0.' });
    await simulate({ rate, seconds }, world);
  },
};

export const importCommand: Command = {
  usage: 'import <source>',
  summary: "Import the first Moon's database (mysql://user@host/database) or a CSV file",
  options: [
    ['--mapping <file>', 'for a CSV: what its columns mean; "supermarket" or a file of your own'],
    ['--currency <code>', "for mysql: the amounts' currency, if not the organisation's"],
  ],
  run: async ([source = ''], options, world) => {
    if (/^(mysql|mariadb):\/\//.test(source))
      return importLegacy(source.replace(/^mariadb/, 'mysql'), { currency: text(options.currency) }, world);
    const mapping = text(options.mapping);
    if (!mapping)
      throw salesError('option_impossible', { detail: 'A CSV needs --mapping: what its columns mean.' });
    await importCsv(source, await readMapping(mapping), world);
  },
};
