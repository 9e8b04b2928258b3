/** What is looked at, in plain words, where each threshold stands, and how the answers moved it. */
import { Anchor, Button, Group, Skeleton, Stack, Switch, Text } from '@mantine/core';
import {
  ConfirmDialog,
  Count,
  ErrorState,
  Figure,
  Link,
  Page,
  Panel,
  Percent,
  useAct,
  useCan,
  useLiveReload,
  useRead,
} from '@moonbase/ui';
import { useState } from 'react';
import { anomaliesApi } from '../api.ts';
import type { DetectorView } from '../schema.ts';
import classes from './anomalies.module.css';
import { anomalyChanges } from './marking.ts';

export default function DetectorsPage() {
  const detectors = useRead(anomaliesApi.listDetectors);
  useLiveReload(anomalyChanges, [anomaliesApi.listDetectors], { every: 1_000 });
  const [resetting, setResetting] = useState<DetectorView>();
  const reset = useAct(anomaliesApi.resetDetector, {
    invalidates: [anomaliesApi.listDetectors],
    success: 'Back to where it began',
    quiet: true,
  });
  return (
    <Page
      title="Detectors"
      crumbs={[{ title: 'Anomalies', to: '/anomalies' }]}
      description="Each “wrong” raises a threshold by 0.1, each “right” lowers it by 0.05, within its bounds. From five answers about one agent on, they move it for that agent once more."
    >
      {detectors.error && <ErrorState error={detectors.error} onRetry={() => void detectors.refetch()} />}
      {detectors.isPending && <Skeleton height={480} />}
      <Stack gap="md">
        {detectors.data?.items.map((detector) => (
          <DetectorPanel key={detector.name} detector={detector} onReset={() => setResetting(detector)} />
        ))}
      </Stack>
      <ConfirmDialog
        opened={resetting !== undefined}
        onClose={() => setResetting(undefined)}
        title="Begin anew?"
        confirmLabel="Begin anew"
        onConfirm={() => reset.mutateAsync({ params: { name: resetting!.name } })}
      >
        {`“${resetting?.title ?? ''}” goes back to the threshold ${resetting ? number(resetting.base) : ''}. The marks stay with the anomalies, but count no more.`}
      </ConfirmDialog>
    </Page>
  );
}

function DetectorPanel({ detector, onReset }: { detector: DetectorView; onReset: () => void }) {
  const maySet = useCan('settings:write');
  const change = useAct(anomaliesApi.changeDetector, {
    invalidates: [anomaliesApi.listDetectors],
    success: ({ active }) => (active ? 'On' : 'Off: it goes on learning and flags nothing'),
  });
  const { name, active, right, wrong, base, threshold } = detector;
  return (
    <Panel
      title={detector.title}
      actions={
        <Group gap="sm">
          {maySet && right + wrong > 0 && (
            <Button variant="subtle" color="gray" size="compact-sm" onClick={onReset}>
              Begin anew
            </Button>
          )}
          <Switch
            checked={active}
            disabled={!maySet || change.isPending}
            label={active ? 'On' : 'Off'}
            aria-label={`${detector.title} is ${active ? 'on' : 'off'}`}
            onChange={(event) =>
              change.mutate({ params: { name }, body: { active: event.currentTarget.checked } })
            }
          />
        </Group>
      }
    >
      <Text size="sm">{detector.looksAt}</Text>
      <Text size="sm" c="dimmed" mt={4}>
        {detector.history}
      </Text>
      <div className={classes.figures}>
        <Figure
          label="Threshold"
          value={base === threshold ? number(base) : `${number(base)} → ${number(threshold)}`}
        />
        <Figure
          label="Right so far"
          value={detector.precision === null ? '–' : <Percent value={detector.precision} />}
        />
        <Figure label="Marked right / wrong" value={`${right} / ${wrong}`} />
        <Figure
          label="Open"
          value={
            <Anchor component={Link} to={`/anomalies?status=open&detector=${name}`} inherit>
              <Count value={detector.open} />
            </Anchor>
          }
        />
      </div>
      <Text size="sm" c="dimmed" mt={8}>
        {whyText(detector)}
      </Text>
    </Panel>
  );
}

const number = (value: number) => String(Number(value.toFixed(2)));

/** `Threshold 3.5 → 3.9 after 4 wrong.` */
function whyText({ base, threshold, right, wrong, least, most, agents }: DetectorView): string {
  const answers = [wrong > 0 ? `${wrong} wrong` : '', right > 0 ? `${right} right` : ''].filter(Boolean);
  const moved =
    answers.length === 0
      ? `Threshold ${number(base)}, as it began: nothing was marked yet.`
      : `Threshold ${number(base)} → ${number(threshold)} after ${answers.join(' and ')}; it stays between ${number(least)} and ${number(most)}.`;
  const own =
    agents === 0 ? '' : ` ${agents} ${agents === 1 ? 'agent has' : 'agents have'} a threshold of their own.`;
  return moved + own;
}
