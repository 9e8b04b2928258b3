/** An anomaly as a row: why first, then of whom. */
import { ActionIcon } from '@mantine/core';
import { type Column, Day, Hint, StatusBadge } from '@moonbase/ui';
import { IconArrowBackUp, IconCheck, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Anomaly, Status } from '../schema.ts';
import classes from './anomalies.module.css';
import { ScoreBar } from './score-bar.tsx';
import { detectorWords } from './words.ts';

export const toneOf = (status: Status) =>
  status === 'open' ? 'warn' : status === 'right' ? 'bad' : 'neutral';

function aboutText({ agent, branch, person }: Anomaly): string {
  const who = agent?.name ?? agent?.code ?? person?.name ?? (person ? 'A person' : null);
  return [who, branch?.name].filter(Boolean).join(', ') || '–';
}

export const anomalyColumns: Column<Anomaly>[] = [
  { id: 'day', header: 'Day', width: 130, cell: (row) => <Day value={row.day} /> },
  {
    id: 'reason',
    header: 'Why',
    min: 300,
    grow: 4,
    cell: (row) => (
      <span className={classes.reason}>
        {row.reason}
        <small>{detectorWords[row.detector]}</small>
      </span>
    ),
  },
  { id: 'about', header: 'Of', min: 150, cell: aboutText },
  {
    id: 'score',
    header: 'Score',
    width: 124,
    hide: 'narrow',
    cell: (row) => <ScoreBar score={row.score} threshold={row.threshold} />,
  },
  {
    id: 'status',
    header: 'Answer',
    width: 96,
    cell: (row) => <StatusBadge status={row.status} tone={toneOf(row.status)} />,
  },
];

/** The column of buttons, for those who may answer. */
export function markColumn(mark: (row: Anomaly, status: Status) => void): Column<Anomaly> {
  const button = (row: Anomaly, status: Status, label: string, icon: ReactNode) => (
    <Hint label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${label}: ${row.reason}`}
        onClick={(event) => {
          event.stopPropagation();
          mark(row, status);
        }}
      >
        {icon}
      </ActionIcon>
    </Hint>
  );
  return {
    id: 'mark',
    header: '',
    width: 88,
    align: 'right',
    cell: (row) => (
      <span className={classes.marks}>
        {row.status === 'open' ? (
          <>
            {button(row, 'right', 'Right, this was unusual', <IconCheck size={16} />)}
            {button(row, 'wrong', 'Wrong, this was fine', <IconX size={16} />)}
          </>
        ) : (
          button(row, 'open', 'Take the mark back', <IconArrowBackUp size={16} />)
        )}
      </span>
    ),
  };
}
