/**
 * better-auth's way to our tables: its operations as parameterised SQL on the host's own pool, in schema
 * `people`. Session tokens are stored as SHA-256 only; better-auth itself gets to see the token it made or
 * was asked for, never one from the database.
 */
import type { Queryable } from '@moonbase/data';
import { digestOf } from '@moonbase/identity';
import { type CleanedWhere, type CustomAdapter, createAdapterFactory } from 'better-auth/adapters';

type Row = Record<string, unknown>;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const table = (model: string) => `people.${quoted(model)}`;

export function adapterOn(db: Queryable) {
  return createAdapterFactory({
    config: {
      adapterId: 'moonbase',
      adapterName: 'Moonbase',
      supportsBooleans: true,
      supportsDates: true,
      supportsArrays: true,
      supportsUUIDs: true,
      supportsNumericIds: false,
    },
    adapter: () => operations(db),
  });
}

function operations(db: Queryable): CustomAdapter {
  return {
    create: async ({ model, data }) => {
      // Not usable before complete-sign-in.ts says so.
      const row: Row = model === 'sessions' ? { ...data, pending: true } : data;
      const names = Object.keys(row);
      const places = names.map((_, index) => `$${index + 1}`);
      const answer = await db.query<Row>(
        `INSERT INTO ${table(model)} (${names.map(quoted).join(', ')}) VALUES (${places.join(', ')}) RETURNING *`,
        names.map((name) => stored(model, name, row[name])),
      );
      const token = (data as Row).token;
      return { ...answer.rows[0], ...(model === 'sessions' ? { token } : {}) } as typeof data;
    },
    findOne: async ({ model, where }) => {
      const { text, values, reveal } = condition(model, where);
      const answer = await db.query<Row>(`SELECT * FROM ${table(model)} WHERE ${text} LIMIT 1`, values);
      return (answer.rows[0] ? reveal(answer.rows[0]) : null) as never;
    },
    findMany: async ({ model, where, limit, sortBy, offset }) => {
      const { text, values, reveal } = condition(model, where);
      const order = sortBy
        ? `ORDER BY ${quoted(sortBy.field)} ${sortBy.direction === 'desc' ? 'DESC' : 'ASC'}`
        : '';
      const answer = await db.query<Row>(
        `SELECT * FROM ${table(model)} WHERE ${text} ${order} LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, limit, offset ?? 0],
      );
      return answer.rows.map(reveal) as never;
    },
    count: async ({ model, where }) => {
      const { text, values } = condition(model, where);
      const answer = await db.query<{ count: number }>(
        `SELECT count(*) FROM ${table(model)} WHERE ${text}`,
        values,
      );
      return answer.rows[0]!.count;
    },
    update: async ({ model, where, update }) => {
      const rows = await change(db, model, where, update as Row);
      return (rows[0] ?? null) as never;
    },
    updateMany: async ({ model, where, update }) => (await change(db, model, where, update)).length,
    delete: async ({ model, where }) => {
      await remove(db, model, where);
    },
    deleteMany: async ({ model, where }) => (await remove(db, model, where)).length,
    consumeOne: async ({ model, where }) => ((await remove(db, model, where))[0] ?? null) as never,
  };
}

async function change(db: Queryable, model: string, where: CleanedWhere[], update: Row): Promise<Row[]> {
  const { text, values, reveal } = condition(model, where);
  const names = Object.keys(update);
  const places = names.map((name, index) => `${quoted(name)} = $${values.length + index + 1}`);
  const answer = await db.query<Row>(
    `UPDATE ${table(model)} SET ${places.join(', ')} WHERE ${text} RETURNING *`,
    [...values, ...names.map((name) => stored(model, name, update[name]))],
  );
  return answer.rows.map(reveal);
}

async function remove(db: Queryable, model: string, where: CleanedWhere[]): Promise<Row[]> {
  const { text, values, reveal } = condition(model, where);
  const answer = await db.query<Row>(`DELETE FROM ${table(model)} WHERE ${text} RETURNING *`, values);
  return answer.rows.map(reveal);
}

/** The value as it is stored: of a session's token only the digest. */
function stored(model: string, field: string, value: unknown): unknown {
  return model === 'sessions' && field === 'token' && typeof value === 'string' ? digestOf(value) : value;
}

/** All clauses joined by AND must hold, and of those joined by OR one. */
function condition(model: string, where: CleanedWhere[] = []) {
  const values: unknown[] = [];
  const tokens = new Map<unknown, string>();
  const place = (field: string, value: unknown) => {
    const kept = Array.isArray(value)
      ? value.map((each) => stored(model, field, each))
      : stored(model, field, value);
    for (const token of Array.isArray(value) ? value : [value]) {
      if (model === 'sessions' && field === 'token' && typeof token === 'string')
        tokens.set(digestOf(token), token);
    }
    values.push(kept);
    return `$${values.length}`;
  };
  const and = where.filter((clause) => clause.connector !== 'OR').map((clause) => comparison(clause, place));
  const or = where.filter((clause) => clause.connector === 'OR').map((clause) => comparison(clause, place));
  if (or.length) and.push(`(${or.join(' OR ')})`);
  return {
    text: and.length ? and.join(' AND ') : 'true',
    values,
    reveal: (row: Row): Row => (tokens.has(row.token) ? { ...row, token: tokens.get(row.token) } : row),
  };
}

const operators: Record<string, string> = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' };

function comparison(clause: CleanedWhere, place: (field: string, value: unknown) => string): string {
  const { field, operator, value, mode } = clause;
  if (value === null) return `${quoted(field)} IS ${operator === 'ne' ? 'NOT NULL' : 'NULL'}`;
  const ignoreCase = mode === 'insensitive';
  const column = ignoreCase ? `lower(${quoted(field)})` : quoted(field);
  const right = (wanted: unknown) => {
    const at = place(field, wanted);
    return ignoreCase ? `lower(${at})` : at;
  };
  if (operator === 'in') return `${quoted(field)} = ANY(${place(field, value)})`;
  if (operator === 'not_in') return `${quoted(field)} <> ALL(${place(field, value)})`;
  if (operator === 'contains') return `strpos(${column}, ${right(value)}) > 0`;
  if (operator === 'starts_with') return `starts_with(${column}, ${right(value)})`;
  if (operator === 'ends_with') return `right(${column}, length(${right(value)})) = ${right(value)}`;
  return `${column} ${operators[operator] ?? '='} ${right(value)}`;
}
