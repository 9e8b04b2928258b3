/** Sales for the command palette: by the beginning of a reference or policy number. */
import { createClient } from '@moonbase/http/client';
import type { Find } from '@moonbase/ui/pages.ts';
import { salesApi } from '../api.ts';

const find: Find = async (text, signal) => {
  const client = createClient(salesApi);
  const { items } = await client.listSales({ query: { text, limit: 5 } }, { signal });
  return items.map((sale) => ({
    title: sale.reference,
    detail: `${sale.product.name} · ${sale.agents.map((agent) => agent.name).join(', ')}`,
    to: `/sales/${sale.saleId}`,
  }));
};

export default find;
