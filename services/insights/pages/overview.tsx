/** The first page: today against target, who leads the month, what came in just now, what needs attention. */
import {
  Chart,
  Columns,
  Count,
  EmptyState,
  ErrorState,
  Money,
  Page,
  Panel,
  ProgressToTarget,
  StatCard,
  useCan,
  useFormats,
  useGo,
  useLiveReload,
  useRead,
  useViewer,
} from '@moonbase/ui';
import { insightsApi } from '../api.ts';
import classes from './insights.module.css';
import { figureEvents, figuresConsumer } from './live-figures.ts';
import { OtherCurrencies } from './other-currencies.tsx';
import { Attention } from './overview-attention.tsx';
import { LatestSales } from './overview-feed.tsx';
import { Leaders, type Overview } from './overview-leaders.tsx';

export default function OverviewPage() {
  const seesFigures = useCan('insights:read');
  const seesSales = useCan('sales:read');
  const viewer = useViewer();
  if (!seesFigures) {
    return (
      <Page title="Overview">
        <EmptyState
          title={`Welcome, ${viewer.name}`}
          text="Your role does not include figures. What you can do is in the navigation."
        />
        {seesSales && <LatestSales />}
      </Page>
    );
  }
  return <Figures seesSales={seesSales} />;
}

/** Whose figures they are, where it is not everybody’s. */
const WHOSE = { all: '', led: ' · what you lead', own: ' · your own' } as const;

function Figures({ seesSales }: { seesSales: boolean }) {
  const formats = useFormats();
  const overview = useRead(insightsApi.readOverview, {}, { refetchInterval: 60_000 });
  useLiveReload(figureEvents, [insightsApi.readOverview], { after: figuresConsumer });
  if (overview.error) {
    return (
      <Page title="Overview">
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      </Page>
    );
  }
  const { data } = overview;
  const currency = data?.currency;
  const loading = !data;
  const change = (now: string, before: string) =>
    Number(before) === 0 ? null : (Number(now) - Number(before)) / Number(before);
  const spark = data?.days.map((each) => Number(each.total));
  return (
    <Page
      title="Overview"
      description={data ? `${formats.day(data.day, 'long')}${WHOSE[data.reach]}` : undefined}
    >
      <Columns of={4} min={210}>
        <StatCard
          label="Sold today"
          loading={loading}
          value={<Money value={data?.today.total ?? '0'} currency={currency} />}
          note={
            data?.target?.perDay ? (
              <>
                of <Money value={data.target.perDay} currency={currency} /> for the day
              </>
            ) : (
              <>
                yesterday <Money value={data?.yesterday.total ?? '0'} currency={currency} />
              </>
            )
          }
          spark={spark}
          to="/sales?period=today"
        />
        <StatCard
          label="Sales today"
          loading={loading}
          value={<Count value={data?.today.sales ?? 0} />}
          note={
            <>
              yesterday <Count value={data?.yesterday.sales ?? 0} />
            </>
          }
          spark={data?.days.map((each) => each.sales)}
          to="/sales?period=today"
        />
        <StatCard
          label="Sold this month"
          loading={loading}
          value={<Money value={data?.month.total ?? '0'} currency={currency} />}
          delta={
            data && {
              value: change(data.month.total, data.monthBefore.total),
              against: 'same days last month',
            }
          }
          to="/insights?period=this-month"
        />
        <StatCard
          label="Sales this month"
          loading={loading}
          value={<Count value={data?.month.sales ?? 0} />}
          delta={
            data && {
              value: change(String(data.month.sales), String(data.monthBefore.sales)),
              against: 'same days last month',
            }
          }
          to="/sales?period=this-month"
        />
      </Columns>
      {data && <OtherCurrencies others={data.others} filters={{}} path="/insights" />}
      <Columns split="2:1">
        <div className={classes.stack}>
          <LastDays overview={data} />
          <Columns of={2} min={280}>
            {seesSales && <LatestSales />}
            <Leaders overview={data} />
          </Columns>
        </div>
        <div className={classes.stack}>
          {(!data || data.reach === 'all') && <CompanyTarget overview={data} />}
          <Attention overview={data} />
        </div>
      </Columns>
    </Page>
  );
}

function LastDays({ overview }: { overview: Overview | undefined }) {
  const go = useGo();
  const perDay = overview?.target?.perDay;
  return (
    <Panel
      title="The last 14 days"
      description={perDay ? 'The line is an even day of the company’s target' : undefined}
    >
      <Chart
        kind="bar"
        label="Sales per day, last 14 days"
        rows={overview?.days}
        x="day"
        xFormat="day"
        series={[{ key: 'total', name: 'Sales' }]}
        format={{ money: overview?.currency ?? 'USD' }}
        goal={perDay ? { value: Number(perDay), name: 'Even day' } : undefined}
        loading={!overview}
        onPick={(row) => go(`/sales?period=${row.day}..${row.day}`)}
      />
    </Panel>
  );
}

function CompanyTarget({ overview }: { overview: Overview | undefined }) {
  const formats = useFormats();
  const target = overview?.target;
  return (
    <Panel
      title="Company target"
      description={
        target
          ? `${formats.day(target.from)} ${target.to ? `to ${formats.day(target.to)}` : 'on'}`
          : undefined
      }
    >
      {target && (
        <ProgressToTarget
          value={target.total}
          target={target.value}
          format={{ money: overview.currency }}
          pace={target.pace}
        />
      )}
      {overview && !target && (
        <EmptyState title="No target runs today" text="Set one for the company on the Targets page." />
      )}
    </Panel>
  );
}
