import type { Handler } from '@moonbase/service';
import type { insightsApi } from '../api.ts';
import { reachLevel } from './reach-level.ts';

interface Named {
  id: string;
  name: string;
}

export const listFilters: Handler<typeof insightsApi.listFilters> = async ({ reach }, { db }) => {
  // Names of what one may filter by: other branches would only give empty answers.
  const own = (ids: readonly string[]) => [reach.all || ids.length === 0 ? null : ids];
  const [branches, teams, products, currencies] = await Promise.all([
    db.query<Named>(
      `SELECT id, name FROM insights.branches WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY active DESC, name`,
      own(reach.branches),
    ),
    db.query<Named>(
      `SELECT id, name FROM insights.teams WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY active DESC, name`,
      own(reach.teams),
    ),
    db.query<Named>('SELECT id, name FROM insights.products ORDER BY active DESC, name'),
    db.query<{ currency: string }>(
      `SELECT DISTINCT currency FROM insights.month_figures($1, '1900-01-01', '2999-12-31') ORDER BY currency`,
      [reachLevel(reach)],
    ),
  ]);
  return {
    status: 200,
    body: {
      branches: branches.rows,
      teams: teams.rows,
      products: products.rows,
      currencies: currencies.rows.map((row) => row.currency),
    },
  };
};
