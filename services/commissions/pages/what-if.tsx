/** What if a plan were another; and what if an agent sold more. Nothing is kept. */
import { Page, useAddress, useCan } from '@moonbase/ui';
import { z } from 'zod';
import { TryPlan } from './try-plan.tsx';
import { TrySales } from './try-sales.tsx';

const Address = z.object({ view: z.enum(['sold']).optional(), plan: z.string().optional() });

export default function WhatIfPage() {
  const [{ view, plan }] = useAddress(Address);
  const mayWrite = useCan('commissions:write');
  const plans = mayWrite && view !== 'sold';
  return (
    <Page
      title="What if"
      description={
        plans
          ? 'A month’s real sales, computed with a draft of a plan. Nothing is kept.'
          : 'What more sales of this month would bring. Nothing is kept.'
      }
      tabs={
        mayWrite
          ? [
              { title: 'A plan were another', to: '/commissions/what-if' },
              { title: 'More were sold', to: '/commissions/what-if?view=sold' },
            ]
          : undefined
      }
    >
      {plans ? <TryPlan plan={plan} /> : <TrySales />}
    </Page>
  );
}
