/**
 * The environment: every variable that Moonbase reads, checked here and nowhere else.
 *
 * docs/reference/environment.md is made from this table (`moon build --reference`), and a test holds the
 * two equal.
 */
import { z } from 'zod';
import { Failure } from './failure.ts';

/** Known to everybody, so it is refused in production. */
export const EXAMPLE_KEY = 'YW4gZXhhbXBsZS4gTWFrZSBvbmUgb2YgeW91ciBvd24=';

interface Variable {
  schema: z.ZodType;
  /** What it is for, and its unit. */
  summary: string;
  /** What holds when it is not set. */
  fallback: string;
  /** A value of the right form, for the message when one is not. */
  example: string;
}

const url = (...protocols: string[]) =>
  z.string().refine((text) => {
    return URL.canParse(text) && protocols.includes(new URL(text).protocol.replace(/:$/, ''));
  });

export const variables = {
  DATABASE_URL: {
    schema: url('postgres', 'postgresql').optional(),
    summary: 'PostgreSQL 15 or newer to use instead of the embedded one. No demo data then.',
    fallback: 'the embedded PostgreSQL 18, under the data folder',
    example: 'postgres://moonbase:secret@db.example.org:5432/moonbase',
  },
  MOON_PORT: {
    schema: z.coerce.number().int().min(1).max(65_535).optional(),
    summary: 'Port of the console and the API; `--port` wins.',
    fallback: '8000',
    example: '8000',
  },
  MOON_HOST: {
    schema: z.string().min(1).optional(),
    summary: 'Address to listen on; `0.0.0.0` for every one the machine has. `--host` wins.',
    fallback: '127.0.0.1',
    example: '0.0.0.0',
  },
  MOON_BEHIND_PROXY: {
    schema: z
      .enum(['0', '1'])
      .transform((text) => text === '1')
      .optional(),
    summary: 'Believe the proxy in front about who calls (`X-Forwarded-For`, `-Proto`): 1.',
    fallback: '0: every caller is who connects',
    example: '1',
  },
  MOON_ENV: {
    schema: z.enum(['development', 'production']).optional(),
    summary:
      'Where this is: `production` refuses known and default secrets (see docs/guides/secrets.md). `development` says that it is not, whatever else is set.',
    fallback:
      'production where NODE_ENV says so, or where DATABASE_URL is set and MOON_HOST is no loopback address',
    example: 'production',
  },
  NODE_ENV: {
    schema: z.string().optional(),
    summary: '`production` counts as MOON_ENV=production.',
    fallback: 'as MOON_ENV says',
    example: 'production',
  },
  MOON_SECRET_KEY: {
    schema: z.string().min(1).optional(),
    summary:
      'Master key of the secrets in the database: base64 of 32 bytes, as `openssl rand -base64 32` prints. An older one may follow after a comma, while `moon secrets rotate` has not run. Keep it apart from the database and its backups.',
    fallback: 'made at the first start, in `secret.key` of the data folder; refused in production',
    example: EXAMPLE_KEY,
  },
  MOON_SECRET_KEY_FILE: {
    schema: z.string().min(1).optional(),
    summary: 'The same in a file, one key a line; read again whenever it is needed.',
    fallback: 'as MOON_SECRET_KEY says',
    example: '/run/secrets/moon-key',
  },
  MOON_ALLOW_PLAINTEXT: {
    schema: z.string().min(1).optional(),
    summary:
      'Hosts of PostgreSQL and SMTP that may be spoken to without TLS, apart by commas. This machine always may.',
    fallback: 'none: `sslmode=verify-full` and STARTTLS are demanded',
    example: 'postgres,mail.internal',
  },
  MOON_DATA: {
    schema: z.string().min(1).optional(),
    summary: 'The data folder; `--data` wins.',
    fallback: '.moon in the repository',
    example: '/var/lib/moonbase',
  },
  MOON_ADMIN_EMAIL: {
    schema: z.email().optional(),
    summary: 'Sign-in of the first administrator, who is made at the first start.',
    fallback: 'administrator@moonbase.local',
    example: 'ann@example.org',
  },
  MOON_ADMIN_PASSWORD: {
    schema: z.string().min(10).max(128).optional(),
    summary: 'Password of the first administrator, 10 characters or more.',
    fallback: 'a random one, printed once',
    example: 'a long sentence is good',
  },
  MOON_BACKUP_PASSPHRASE: {
    schema: z.string().min(16).optional(),
    summary:
      'Encrypts what `moon backup keys` writes, 16 characters or more. Keep it apart from the backups.',
    fallback: 'none: keys are not backed up',
    example: 'a long sentence is good',
  },
  SMTP_URL: {
    schema: url('smtp', 'smtps').optional(),
    summary: 'Server that mail is sent through.',
    fallback: 'mail is kept in the outbox page of the console',
    example: 'smtp://user:password@mail.example.org:587',
  },
  MAIL_FROM: {
    schema: z.string().includes('@').optional(),
    summary: 'Sender of mail.',
    fallback: 'Moonbase <moonbase@localhost>',
    example: 'Moon Insurance <moon@example.org>',
  },
  LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
    summary: 'Least level that is logged.',
    fallback: 'info; warn where a terminal is looking',
    example: 'debug',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: url('http', 'https').optional(),
    summary:
      'Collector that OpenTelemetry traces go to, by OTLP over HTTP. The other OTEL_* variables hold too.',
    fallback: 'no traces',
    example: 'http://localhost:4318',
  },
  MOON_CHROMIUM: {
    schema: z.string().min(1).optional(),
    summary: 'Chromium that `moon test` runs the console in.',
    fallback: '/usr/bin/chromium',
    example: '/usr/bin/chromium-browser',
  },
  MOON_DEBUG: {
    schema: z.string().optional(),
    summary: 'Any value: failures of commands show their stack.',
    fallback: 'one line each',
    example: '1',
  },
} satisfies Record<string, Variable>;

export type Environment = {
  [Name in keyof typeof variables]: z.output<(typeof variables)[Name]['schema']>;
};

/**
 * Reads the variables. An empty one counts as not set.
 *
 * @throws Failure naming the first variable that is wrong, never showing its value, which may be a secret
 */
export function readEnvironment(source: Record<string, string | undefined>): Environment {
  const environment: Record<string, unknown> = {};
  for (const [name, { schema, example }] of Object.entries(variables)) {
    const answer = schema.safeParse(source[name] || undefined);
    if (!answer.success) throw new Failure(`${name} is not of the right form.`, `An example: ${example}`);
    environment[name] = answer.data;
  }
  return environment as Environment;
}

/** The table for people: docs/reference/environment.md. */
export function describeEnvironment(): string {
  const rows = Object.entries(variables).map(
    ([name, { summary, fallback, example }]) => `| \`${name}\` | ${summary} | ${fallback} | \`${example}\` |`,
  );
  return `# Environment

Configuration is environment variables, each with a default that works. This page is made from
\`packages/cli/src/environment.ts\`.

| variable | what it is for | when not set | example |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
