/** `moon key create` and `moon password`: they work on the database, so the installation need not run. */
import type { Command } from '@moonbase/service';
import { resetPasswordOf } from './features/first-administrator.ts';
import { createKey } from './features/keep-keys.ts';

export const keyCommand: Command = {
  usage: 'key create',
  summary: 'Create an API key and print it, once',
  options: [
    ['--scope <scopes>', 'what it may do, with commas between: sales:write,agents:write'],
    ['--name <name>', 'what it is for', 'command line'],
    ['--days <days>', 'days until it expires; never unless said'],
  ],
  run: async (_args, options, { database, print }) => {
    if (typeof options.scope !== 'string') throw new Error('Say what the key may do: --scope sales:write');
    const days = options.days === undefined ? undefined : Number(options.days);
    if (days !== undefined && !(days > 0 && days <= 3650)) throw new Error('--days takes 1 to 3650.');
    const { secret } = await createKey(await database(), {
      name: String(options.name),
      scopes: options.scope.split(',').map((scope) => scope.trim()),
      expiresAt: days ? new Date(Date.now() + days * 86_400_000) : null,
    });
    print(secret);
  },
};

export const passwordCommand: Command = {
  usage: 'password <email>',
  summary: 'Set a temporary password for someone who can no longer sign in, and print it',
  run: async ([email], _options, { database, print }) => {
    const password = await resetPasswordOf(await database(), email ?? '');
    if (!password) throw new Error(`No active person has the address ${email}.`);
    print(password);
  },
};
