/** One question of a dashboard: its answer drawn, what it leaves out, its files. */
import { Anchor } from '@mantine/core';
import { Link, Panel, useFormats, useRead } from '@moonbase/ui';
import { type InsightAnswer, insightsApi } from '../api.ts';
import { ExportMenu } from './export-menu.tsx';
import { addressWith, type FilterValues, useNarrowed } from './filters.ts';
import { type Asked, InsightChart } from './insight-chart.tsx';
import classes from './insights.module.css';
import { OtherCurrencies } from './other-currencies.tsx';

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
