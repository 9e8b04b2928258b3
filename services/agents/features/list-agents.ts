/** Agents by code: filtered, found by the beginnings of words, a page at a time. */

import type { Queryable } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { agentsApi } from '../api.ts';
import type { Agent } from '../schema.ts';
import { todayOf } from './business-day.ts';
import { selectAgents } from './read-agents.ts';
import { searchPatterns } from './search-words.ts';

export interface AgentFilter {
  search?: string | undefined;
  branch?: string | undefined;
  region?: string | undefined;
  team?: string | undefined;
  product?: string | undefined;
  status?: 'active' | 'inactive' | undefined;
}

/**
 * Agents in the order of their codes.
 *
 * @param today on which day `product` is asked for
 * @param after code of the last agent of the page before
 */
export function findAgents(
  db: Queryable,
  filter: AgentFilter,
  today: string,
  limit: number,
  after: string | null = null,
): Promise<Agent[]> {
  const values: unknown[] = [];
  const value = (of: unknown) => `$${values.push(of)}`;
  const conditions: string[] = [];
  if (after !== null) conditions.push(`a.code > ${value(after)}`);
  if (filter.status) conditions.push(`a.status = ${value(filter.status)}`);
  if (filter.branch) conditions.push(`a.branch_id = ${value(filter.branch)}`);
  if (filter.team) conditions.push(`a.team_id = ${value(filter.team)}`);
  if (filter.region)
    conditions.push(`a.branch_id IN (SELECT id FROM agents.branches WHERE region = ${value(filter.region)})`);
  if (filter.product)
    conditions.push(`EXISTS (SELECT FROM agents.authorisations u
      WHERE u.agent_id = a.id AND u.product_id = ${value(filter.product)}
        AND u.from_day <= ${value(today)} AND (u.to_day IS NULL OR u.to_day >= ${value(today)}))`);
  for (const pattern of searchPatterns(filter.search ?? ''))
    conditions.push(`a.id IN (SELECT agent_id FROM agents.agent_words WHERE word LIKE ${value(pattern)})`);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return selectAgents(db, `${where} ORDER BY a.code LIMIT ${value(limit)}`, values);
}

export const listAgents: Handler<typeof agentsApi.listAgents> = async ({ query }, context) => {
  const { limit, cursor, ...filter } = query;
  const after = cursor ? decodeCursor(z.tuple([z.string()]), cursor)[0] : null;
  const agents = await findAgents(context.db, filter, await todayOf(context), limit + 1, after);
  const items = agents.slice(0, limit);
  const last = items.at(-1);
  return {
    status: 200,
    body: { items, next: agents.length > limit && last ? encodeCursor(last.code) : null },
  };
};
