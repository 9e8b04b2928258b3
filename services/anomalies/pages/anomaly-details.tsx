/** One anomaly: the reason, the evidence as a picture, whose it is, and the answer with a note. */
import { Anchor, Button, Group, Skeleton, Stack, Textarea } from '@mantine/core';
import { ErrorState, Facts, Link, StatusBadge, useAct, useRead, useViewer, When } from '@moonbase/ui';
import { type ReactNode, useState } from 'react';
import { anomaliesApi } from '../api.ts';
import type { Anomaly, Status } from '../schema.ts';
import classes from './anomalies.module.css';
import { toneOf } from './anomaly-columns.tsx';
import { EvidenceChart } from './evidence-chart.tsx';
import { ScoreBar } from './score-bar.tsx';
import { detectorWords, statusWords } from './words.ts';

export interface AnomalyDetailsProps {
  id: string;
  mayJudge: boolean;
  onMark: (row: Anomaly, status: Status) => void;
}

export function AnomalyDetails({ id, mayJudge, onMark }: AnomalyDetailsProps) {
  const read = useRead(anomaliesApi.readAnomaly, { params: { id } });
  if (read.error) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />;
  if (!read.data) return <Skeleton height={320} />;
  const anomaly = read.data;
  return (
    <Stack gap="md" key={id}>
      <div className={classes.said}>{anomaly.reason}</div>
      <EvidenceChart anomaly={anomaly} />
      <About anomaly={anomaly} />
      {mayJudge && <Answer anomaly={anomaly} onMark={onMark} />}
      {!mayJudge && anomaly.note && <div>{anomaly.note}</div>}
    </Stack>
  );
}

function About({ anomaly }: { anomaly: Anomaly }) {
  const viewer = useViewer();
  const { agent, person, saleId, judgedBy, judgedAt } = anomaly;
  const judge = judgedBy === `person:${viewer.id}` ? 'you' : 'somebody else';
  const link = (to: string, text: string) => (
    <Anchor key={to} component={Link} to={to} inherit>
      {text}
    </Anchor>
  );
  const rows: [string, ReactNode][] = [
    ['Detector', detectorWords[anomaly.detector]],
    ['Score', <ScoreBar key="score" score={anomaly.score} threshold={anomaly.threshold} />],
    ['Agent', agent && link(`/agents/${agent.id}`, agent.name ?? agent.code ?? 'An agent')],
    ['Person', person && (person.name ?? 'A person')],
    ['Branch', anomaly.branch?.name],
    ['Sale', saleId && link(`/sales/${saleId}`, 'Open the sale')],
    ['Happened', <When key="at" at={anomaly.at} exact />],
    ['Flagged', <When key="flagged" at={anomaly.flaggedAt} exact />],
    [
      'Answer',
      <StatusBadge key="status" status={statusWords[anomaly.status]} tone={toneOf(anomaly.status)} />,
    ],
    [
      'Marked',
      judgedAt && (
        <span key="judged">
          by {judge}, <When at={judgedAt} />
        </span>
      ),
    ],
  ];
  return <Facts rows={rows.filter(([, value]) => Boolean(value))} />;
}

function Answer({ anomaly, onMark }: { anomaly: Anomaly; onMark: AnomalyDetailsProps['onMark'] }) {
  const [note, setNote] = useState(anomaly.note ?? '');
  const keep = useAct(anomaliesApi.judgeAnomaly, {
    invalidates: [anomaliesApi.readAnomaly, anomaliesApi.listAnomalies],
    success: 'Note kept',
  });
  return (
    <>
      <Group gap="xs">
        {anomaly.status === 'open' ? (
          <>
            <Button variant="default" onClick={() => onMark(anomaly, 'right')}>
              Right, this was unusual
            </Button>
            <Button variant="default" onClick={() => onMark(anomaly, 'wrong')}>
              Wrong, this was fine
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => onMark(anomaly, 'open')}>
            Take the mark back
          </Button>
        )}
      </Group>
      <Textarea
        label="Note"
        description="What was found, for whoever looks at it later."
        value={note}
        maxLength={500}
        rows={2}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {note !== (anomaly.note ?? '') && (
        <Button
          variant="default"
          loading={keep.isPending}
          onClick={() =>
            keep.mutate({ params: { id: anomaly.id }, body: { status: anomaly.status, note: note || null } })
          }
        >
          Keep the note
        </Button>
      )}
    </>
  );
}
