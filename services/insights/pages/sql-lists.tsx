/** Beside the editor: queries that were saved, and what can be asked. */
import { Text } from '@mantine/core';
import { Panel, StatusBadge } from '@moonbase/ui';
import { useState } from 'react';
import type { SavedQuery } from '../api.ts';
import classes from './insights.module.css';

export function SavedQueries(props: {
  source: { data?: { items: readonly SavedQuery[] }; isPending: boolean };
  open: SavedQuery | undefined;
  onOpen: (query: SavedQuery) => void;
}) {
  const { onOpen, open, source } = props;
  const items = source.data?.items ?? [];
  return (
    <Panel title="Saved queries" flush>
      {source.data && items.length === 0 && (
        <Text size="sm" c="dimmed" px={16} py={10}>
          None yet. Yours and shared ones are listed here.
        </Text>
      )}
      <ul className={classes.list}>
        {items.map((query) => (
          <li key={query.id}>
            <button
              type="button"
              onClick={() => onOpen(query)}
              aria-current={query.id === open?.id ? 'true' : undefined}
            >
              {query.title} {query.shared && query.mine && <StatusBadge status="shared" tone="info" />}
              {!query.mine && <small>by {query.ownerName}</small>}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface View {
  view: string;
  columns: readonly { name: string; type: string }[];
}

export function ViewList({
  onPick,
  views,
}: {
  views: readonly View[] | undefined;
  onPick: (view: string) => void;
}) {
  const [shown, setShown] = useState<string>();
  const columns = views?.find((each) => each.view === shown)?.columns;
  return (
    <Panel title="Views" description="A click writes a query" flush>
      <ul className={classes.list}>
        {views?.map(({ view }) => (
          <li key={view}>
            <button
              type="button"
              onClick={() => {
                onPick(view);
                setShown(view);
              }}
              aria-current={view === shown ? 'true' : undefined}
            >
              {view}
              {view === shown && <small>{columns?.map((column) => column.name).join(', ')}</small>}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
