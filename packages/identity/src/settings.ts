/** Values that people set, as every host reads them: at most a second old. */
import type { Database, Queryable } from '@moonbase/data';
import { z } from 'zod';
import { RecentReads } from './recent-reads.ts';

let generation = 0;

/** Makes every {@link Settings} of this process read again. Call it after the commit that changed one. */
export function forgetSettings(): void {
  generation += 1;
}

const zones = new Set<string>();

/** Whether the name is an IANA time zone this machine knows. */
function isZone(name: string): boolean {
  if (zones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    zones.add(name);
    return true;
  } catch {
    return false;
  }
}

/** The organisation: the people service's own setting, `people.organisation`. */
export const organisation = z.strictObject({
  name: z.string().trim().min(1).max(120),
  /** IANA zone in which business days are counted. */
  zone: z.string().max(64).refine(isZone, 'An IANA time zone, as Asia/Colombo.'),
  /** Reporting currency, ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'A currency of three capital letters, as USD.'),
});

export type Organisation = z.output<typeof organisation>;

/** Until somebody sets it. */
export const unsetOrganisation: Organisation = { name: 'Moonbase', zone: 'UTC', currency: 'USD' };

interface Parsed {
  schema: z.ZodType;
  value: unknown;
}

export class Settings {
  readonly #reads: RecentReads<{ stored: Map<string, unknown>; parsed: Map<string, Parsed> }>;

  /** @param options `freshFor`: oldest answer in milliseconds, 1,000 unless said */
  constructor(options: { db: Database; freshFor?: number }) {
    this.#reads = new RecentReads({
      freshFor: options.freshFor,
      generation: () => generation,
      read: async () => {
        const answer = await options.db.query<{ name: string; value: unknown }>(
          'SELECT name, value FROM people.settings',
        );
        return { stored: new Map(answer.rows.map((row) => [row.name, row.value])), parsed: new Map() };
      },
    });
  }

  /**
   * The value that somebody set, or the fallback.
   *
   * @param name `<service>.<setting>`
   * @param declaration a stored value that no longer fits its schema counts as not set
   */
  async get<Schema extends z.ZodType>(
    name: string,
    declaration: { schema: Schema; default: z.input<Schema> },
  ): Promise<z.output<Schema>> {
    const { stored, parsed } = await this.#reads.get('');
    const known = parsed.get(name);
    if (known?.schema === declaration.schema) return known.value as z.output<Schema>;
    const value = parseStored(declaration, stored.get(name));
    parsed.set(name, { schema: declaration.schema, value });
    return value;
  }

  organisation(): Promise<Organisation> {
    return this.get('people.organisation', { schema: organisation, default: unsetOrganisation });
  }
}

function parseStored<Schema extends z.ZodType>(
  declaration: { schema: Schema; default: z.input<Schema> },
  stored: unknown,
): z.output<Schema> {
  const parsed = stored === undefined ? undefined : declaration.schema.safeParse(stored);
  return parsed?.success ? parsed.data : declaration.schema.parse(declaration.default);
}

/** A value that people change on the settings page. */
export interface DeclaredSetting {
  title: string;
  schema: z.ZodType;
  default: unknown;
}

const declared = new Map<string, z.ZodType>();

/**
 * Makes a service's settings known, here and in the database, where the host that runs `people` finds them.
 * Every host does it for each of its services as it starts.
 */
export async function declareSettings(
  db: Queryable,
  service: string,
  settings: Readonly<Record<string, DeclaredSetting>>,
): Promise<void> {
  const rows = Object.entries(settings).map(([name, { title, schema, default: fallback }]) => {
    declared.set(`${service}.${name}`, schema);
    return {
      name: `${service}.${name}`,
      title,
      schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
      fallback,
    };
  });
  await db.query(
    `INSERT INTO people.declared_settings (name, title, schema, fallback)
     SELECT name, title, schema, fallback
     FROM jsonb_to_recordset($1) AS d (name text, title text, schema jsonb, fallback jsonb) ORDER BY name
     ON CONFLICT (name) DO UPDATE SET title = excluded.title, schema = excluded.schema, fallback = excluded.fallback`,
    [JSON.stringify(rows)],
  );
  await db.query('DELETE FROM people.declared_settings WHERE starts_with(name, $1) AND name <> ALL($2)', [
    `${service}.`,
    rows.map((row) => row.name),
  ]);
}

/** The schema of a setting: as declared in this process, else as another host wrote it down. */
export function schemaOfSetting(name: string, jsonSchema: Record<string, unknown>): z.ZodType {
  return declared.get(name) ?? z.fromJSONSchema(jsonSchema);
}
