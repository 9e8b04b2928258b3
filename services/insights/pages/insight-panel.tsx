/** One question of a dashboard: its answer drawn, what it leaves out, its files. */
import { Anchor, Text } from '@mantine/core';
import { Link, Money, Panel, useRead } from '@moonbase/ui';
import { insightsApi } from '../api.ts';
import { ExportMenu } from './export-menu.tsx';
import { addressWith, type FilterValues, useNarrowed } from './filters.ts';
import { type Asked, InsightChart } from './insight-chart.tsx';
import classes from './insights.module.css';

export function InsightPanel(props: { insight: Asked & { description: string }; filters: FilterValues }) {
  const { filters, insight } = props;
  const query = useNarrowed(filters);
  const answer = useRead(insightsApi.askInsight, { params: { name: insight.name }, query });
  return (
    <Panel
      title={
        <Anchor
          component={Link}
          to={addressWith(`/insights/${insight.name}`, { ...filters, group: undefined })}
          inherit
          c="inherit"
        >
          {insight.title}
        </Anchor>
      }
      description={insight.description}
      actions={<ExportMenu path={`/insights/${insight.name}/export`} query={query} label={insight.title} />}
    >
      <InsightChart
        insight={insight}
        answer={answer.data}
        filters={filters}
        loading={answer.isPending}
        error={answer.error}
        onRetry={() => void answer.refetch()}
      />
      <OtherCurrencies others={answer.data?.others ?? []} filters={filters} path="/insights" />
    </Panel>
  );
}

/** Amounts that the answer leaves out since they are in other currencies; each leads to the same view in it. */
export function OtherCurrencies(props: {
  others: readonly { currency: string; total: string; sales: number }[];
  filters: FilterValues;
  path: string;
}) {
  const { filters, others, path } = props;
  if (others.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" className={classes.others}>
      Not included:{' '}
      {others.map(({ currency, sales, total }, index) => (
        <span key={currency}>
          {index > 0 && ', '}
          <Anchor
            component={Link}
            to={addressWith(path, { ...filters, currency })}
            inherit
            underline="always"
          >
            <Money value={total} currency={currency} />
          </Anchor>{' '}
          in {sales} {sales === 1 ? 'sale' : 'sales'}
        </span>
      ))}
    </Text>
  );
}
