/** What looked unusual: the open ones first, why in words, and an answer with one key. */
import { Drawer } from '@mantine/core';
import {
  DataTable,
  EmptyState,
  FilterBar,
  Page,
  useAddress,
  useCan,
  useLiveReload,
  usePeriod,
  useRead,
  useReadMore,
  useShortcut,
} from '@moonbase/ui';
import { IconCircleCheck } from '@tabler/icons-react';
import { useRef } from 'react';
import { z } from 'zod';
import { anomaliesApi } from '../api.ts';
import { type Anomaly, detectorName, type Status, status } from '../schema.ts';
import { anomalyColumns, markColumn } from './anomaly-columns.tsx';
import { AnomalyDetails } from './anomaly-details.tsx';
import { anomalyChanges, useMark } from './marking.ts';
import { detectorWords, optionsOf, statusWords } from './words.ts';

const Address = z.object({
  detector: detectorName.optional(),
  branch: z.uuid().optional(),
  agent: z.uuid().optional(),
  status: status.optional(),
  period: z.string().optional(),
  /** The one that is opened beside the list. */
  open: z.uuid().optional(),
});

export default function AnomaliesPage() {
  const [{ open, period, ...filters }, set] = useAddress(Address);
  const days = usePeriod(period, 'all');
  const query = { ...filters, from: days.from, to: days.to };
  const anomalies = useReadMore(anomaliesApi.listAnomalies, { query });
  const counts = useRead(anomaliesApi.countAnomalies);
  useLiveReload(anomalyChanges, [anomaliesApi.listAnomalies, anomaliesApi.countAnomalies], { every: 1_000 });
  const mayJudge = useCan('anomalies:write');
  const mark = useMarking(anomalies.rows, mayJudge);
  const filtered = Object.values({ ...filters, period }).some((each) => each !== undefined);
  return (
    <Page
      title="Anomalies"
      description="What looked unusual, and why. Mark each as right or wrong (r or w on a row): the answers move the thresholds."
    >
      <FilterBar
        value={{ ...filters, period }}
        onChange={set}
        filters={[
          { kind: 'period', key: 'period', fallback: 'all' },
          { kind: 'select', key: 'detector', label: 'Detector', options: optionsOf(detectorWords) },
          {
            kind: 'select',
            key: 'branch',
            label: 'Branch',
            options: counts.data?.branches.map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            kind: 'select',
            key: 'status',
            label: 'Answer',
            options: optionsOf({
              ...statusWords,
              open: counts.data ? `Open (${counts.data.open})` : statusWords.open,
            }),
          },
        ]}
      />
      <DataTable
        label="Anomalies"
        columns={mayJudge ? [...anomalyColumns, markColumn(mark)] : anomalyColumns}
        source={anomalies}
        rowId={(row) => row.id}
        onOpen={(row) => set({ open: row.id })}
        empty={
          filtered ? (
            <EmptyState title="Nothing for these filters" text="Change the filters or the period." />
          ) : (
            <EmptyState
              icon={IconCircleCheck}
              title="Nothing looked unusual"
              text="Sales, cancellations, sign-ins and exports are held against what is usual for each agent and person. Some history is needed first: 8 sales of a product, 20 days of sales."
            />
          )
        }
      />
      <Drawer
        opened={open !== undefined}
        onClose={() => set({ open: undefined })}
        position="right"
        size={520}
        title="Anomaly"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {open && <AnomalyDetails id={open} onMark={mark} mayJudge={mayJudge} />}
      </Drawer>
    </Page>
  );
}

/** Marks by button and by key: r and w for the row that has the focus, which the arrows move; u takes back. */
function useMarking(rows: readonly Anomaly[], mayJudge: boolean): (row: Anomaly, to: Status) => void {
  const act = useMark();
  const last = useRef<string>(undefined);
  const mark = (row: Anomaly, to: Status) => {
    last.current = to === 'open' ? undefined : row.id;
    act.mutate({ params: { id: row.id }, body: { status: to } });
  };
  const markFocused = (to: Status) => {
    const place = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row;
    const row = place === undefined ? undefined : rows[Number(place)];
    if (row && mayJudge) mark(row, to);
  };
  useShortcut('r', 'Mark the row in focus as right', () => markFocused('right'));
  useShortcut('w', 'Mark the row in focus as wrong', () => markFocused('wrong'));
  useShortcut('u', 'Take the last mark back', () => {
    if (last.current) act.mutate({ params: { id: last.current }, body: { status: 'open' } });
    last.current = undefined;
  });
  return mark;
}
