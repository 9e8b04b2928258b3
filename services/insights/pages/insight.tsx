/** One question, large: its chart, its rows, the sales behind each row. */
import {
  DataTable,
  EmptyState,
  ErrorState,
  FilterBar,
  Page,
  Panel,
  type Column as TableColumn,
  useLiveReload,
  usePathParams,
  useRead,
} from '@moonbase/ui';
import { type InsightAnswer, insightsApi } from '../api.ts';
import type { Row } from '../schema.ts';
import { salesAddress } from './drill.ts';
import { ExportMenu } from './export-menu.tsx';
import { addressWith, useChoices, useInsightFilters, useNarrowed } from './filters.ts';
import { InsightCell, isNumber } from './insight-cell.tsx';
import { InsightChart } from './insight-chart.tsx';
import { figureEvents, figuresConsumer } from './live-figures.ts';
import { OtherCurrencies } from './other-currencies.tsx';

export default function InsightPage() {
  const { name = '' } = usePathParams();
  const [filters, set] = useInsightFilters();
  const query = useNarrowed(filters);
  const choices = useChoices();
  const insights = useRead(insightsApi.listInsights, {}, { staleTime: Number.POSITIVE_INFINITY });
  const answer = useRead(insightsApi.askInsight, { params: { name }, query });
  useLiveReload(figureEvents, [insightsApi.askInsight], { after: figuresConsumer });
  const insight = insights.data?.items.find((each) => each.name === name);
  if (insights.error) return <ErrorState error={insights.error} />;
  if (insights.data && !insight) {
    return (
      <Page title="Insight">
        <EmptyState title="There is no such insight" text={`Nothing is called «${name}».`} />
      </Page>
    );
  }
  const drill = insight?.drill;
  return (
    <Page
      title={insight?.title ?? 'Insight'}
      description={insight?.description}
      crumbs={[{ title: 'Insights', to: addressWith('/insights', { ...filters, group: insight?.group }) }]}
      actions={<ExportMenu path={`/insights/${name}/export`} query={query} label={insight?.title ?? name} />}
    >
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          ...(insight?.filters.includes('period')
            ? ([{ kind: 'period', key: 'period', fallback: 'all', blank: 'Usual period' }] as const)
            : []),
          ...(['branch', 'team', 'product'] as const)
            .filter((filter) => insight?.filters.includes(filter))
            .map((filter) => ({
              kind: 'select' as const,
              key: filter,
              label: { branch: 'Branch', team: 'Team', product: 'Product' }[filter],
              options: { branch: choices.branches, team: choices.teams, product: choices.products }[filter],
            })),
        ]}
      />
      <Panel>
        {insight && (
          <InsightChart
            insight={insight}
            answer={answer.data}
            filters={filters}
            loading={answer.isPending}
            error={answer.error}
            onRetry={() => void answer.refetch()}
            height={360}
          />
        )}
        <OtherCurrencies others={answer.data?.others ?? []} filters={filters} path={`/insights/${name}`} />
      </Panel>
      {answer.data && (
        <DataTable<Row>
          label={insight?.title ?? 'Rows'}
          columns={columnsOf(answer.data)}
          rows={answer.data.rows}
          rowId={(row) => answer.data.rows.indexOf(row).toString()}
          href={drill ? (row) => salesAddress(drill, row, answer.data, filters) : undefined}
          empty={<EmptyState title="Nothing to show" text="There is no data for these filters." />}
        />
      )}
    </Page>
  );
}

function columnsOf(answer: InsightAnswer): TableColumn<Row>[] {
  return answer.columns.map((column) => ({
    id: column.key,
    header: column.name,
    align: isNumber(column) ? ('right' as const) : undefined,
    min: 120,
    grow: column.kind === 'text' ? 2 : 1,
    sort: 'local' as const,
    value: (row) => {
      const value = row[column.key] ?? null;
      if (value === null) return null;
      return isNumber(column) ? Number(value) : String(value);
    },
    cell: (row) => <InsightCell column={column} value={row[column.key]} />,
  }));
}
