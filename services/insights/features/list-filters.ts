import type { Handler } from '@moonbase/service';
import type { insightsApi } from '../api.ts';

interface Named {
  id: string;
  name: string;
}

export const listFilters: Handler<typeof insightsApi.listFilters> = async (_request, { db }) => {
  const [branches, teams, products, currencies] = await Promise.all([
    db.query<Named>('SELECT id, name FROM insights.branches ORDER BY active DESC, name'),
    db.query<Named>('SELECT id, name FROM insights.teams ORDER BY active DESC, name'),
    db.query<Named>('SELECT id, name FROM insights.products ORDER BY active DESC, name'),
    db.query<{ currency: string }>(
      `SELECT DISTINCT currency FROM insights.month_figures(0, '1900-01-01', '2999-12-31') ORDER BY currency`,
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
