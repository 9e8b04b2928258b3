/** The dashboards: one tab per group of questions, one set of filters for all of them, in the address. */
import { Columns, ErrorState, FilterBar, Page, useLiveReload, useRead } from '@moonbase/ui';
import { insightsApi } from '../api.ts';
import { addressWith, useChoices, useInsightFilters } from './filters.ts';
import { InsightPanel } from './insight-panel.tsx';
import { figureEvents, figuresConsumer, notificationEvents } from './live-figures.ts';

const groups = [
  ['sales', 'Sales'],
  ['teams', 'Teams'],
  ['branches', 'Branches'],
  ['products', 'Products'],
  ['agents', 'Agents'],
  ['notifications', 'Notifications'],
] as const;

export default function DashboardsPage() {
  const [filters, set] = useInsightFilters();
  const choices = useChoices();
  const insights = useRead(insightsApi.listInsights, {}, { staleTime: Number.POSITIVE_INFINITY });
  useLiveReload(figureEvents, [insightsApi.askInsight], { after: figuresConsumer });
  useLiveReload(notificationEvents, [insightsApi.askInsight], { after: 'insights.notifications' });
  const group = groups.find(([name]) => name === filters.group)?.[0] ?? 'sales';
  const shown = insights.data?.items.filter((insight) => insight.group === group) ?? [];
  const obeyed = new Set(shown.flatMap((insight) => insight.filters));
  return (
    <Page
      title="Insights"
      tabs={groups.map(([name, title]) => ({
        title,
        to: addressWith('/insights', { ...filters, group: name === 'sales' ? undefined : name }),
      }))}
    >
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          { kind: 'period', key: 'period', fallback: 'all', blank: 'Usual periods' },
          ...(obeyed.has('branch')
            ? ([{ kind: 'select', key: 'branch', label: 'Branch', options: choices.branches }] as const)
            : []),
          ...(obeyed.has('team')
            ? ([{ kind: 'select', key: 'team', label: 'Team', options: choices.teams }] as const)
            : []),
          ...(obeyed.has('product')
            ? ([{ kind: 'select', key: 'product', label: 'Product', options: choices.products }] as const)
            : []),
          ...((choices.currencies?.length ?? 0) > 1
            ? ([
                {
                  kind: 'select',
                  key: 'currency',
                  label: 'Currency',
                  options: choices.currencies?.map((code) => ({ value: code, label: code })),
                },
              ] as const)
            : []),
        ]}
      />
      {insights.error && <ErrorState error={insights.error} onRetry={() => void insights.refetch()} />}
      <Columns of={2} min={420}>
        {shown.map((insight) => (
          <InsightPanel key={insight.name} insight={insight} filters={filters} />
        ))}
      </Columns>
    </Page>
  );
}
