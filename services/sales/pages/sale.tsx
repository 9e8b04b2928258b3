/** One sale on a page of its own, as links from elsewhere show it. */
import { Page, useGo, usePathParams, useRead } from '@moonbase/ui';
import { salesApi } from '../api.ts';
import { SaleDetails } from './sale-details.tsx';

export default function SalePage() {
  const { id = '' } = usePathParams();
  const go = useGo();
  const sale = useRead(salesApi.getSale, { params: { id } });
  return (
    <Page title={sale.data?.reference ?? 'Sale'} crumbs={[{ title: 'Sales', to: '/sales' }]} width="form">
      <SaleDetails id={id} onGone={() => go('/sales')} />
    </Page>
  );
}
