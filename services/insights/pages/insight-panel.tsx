/** One question of a dashboard: its answer drawn, what it leaves out, its files. */
import { Anchor, Text } from '@mantine/core';
import { Link, Money, Panel, useFormats, useRead } from '@moonbase/ui';
import { type InsightAnswer, insightsApi } from '../api.ts';
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
      description={<Described text={insight.description} answer={answer.data} />}
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

/** What is counted, and over which days. */
function Described({ answer, text }: { answer: InsightAnswer | undefined; text: string }) {
  const formats = useFormats();
  if (!answer?.from || !answer.to) return text;
  const days =
    answer.from === answer.to
      ? formats.day(answer.from)
      : `${formats.day(answer.from, 'short')} – ${formats.day(answer.to)}`;
  return (
    <>
      {text} <span className={classes.days}>{days}</span>
    </>
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
