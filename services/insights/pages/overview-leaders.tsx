/** Who leads the month. */
import { Anchor, SegmentedControl } from '@mantine/core';
import type { CallOutput } from '@moonbase/http';
import { EmptyState, Link, Money, Panel } from '@moonbase/ui';
import { useState } from 'react';
import type { insightsApi } from '../api.ts';
import classes from './insights.module.css';

export type Overview = CallOutput<typeof insightsApi.readOverview>;

const boards = [
  { value: 'agents', label: 'Agents' },
  { value: 'teams', label: 'Teams' },
  { value: 'branches', label: 'Branches' },
] as const;
type Board = (typeof boards)[number]['value'];

const address: Record<Board, (id: string) => string> = {
  agents: (id) => `/agents/${id}`,
  teams: (id) => `/insights?group=teams&team=${id}`,
  branches: (id) => `/insights?group=branches&branch=${id}`,
};

export function Leaders({ overview }: { overview: Overview | undefined }) {
  const [board, setBoard] = useState<Board>('agents');
  const rows = overview?.[board];
  return (
    <Panel
      title="Leaders this month"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Leaders of"
          data={[...boards]}
          value={board}
          onChange={(to) => setBoard(to as Board)}
        />
      }
    >
      {rows?.length === 0 && <EmptyState title="No sales this month yet" />}
      <ol className={classes.ranking}>
        {rows?.map((row, index) => (
          <li key={row.id}>
            <span className={classes.place}>{index + 1}</span>
            <Anchor component={Link} to={address[board](row.id)} inherit className={classes.name}>
              {row.name}
            </Anchor>
            <Money value={row.total} currency={overview?.currency} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
