/** What stands where content would be: nothing yet, or something went wrong. */
import { Button } from '@mantine/core';
import { IconCloudOff, IconInbox, IconLock, IconMoodEmpty } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { ApiError } from './calls.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './states.module.css';

export interface EmptyStateProps {
  title: string;
  text?: ReactNode;
  /** What helps: a button. */
  action?: ReactNode;
  icon?: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** It stands for a whole page: its title is the page's heading. */
  page?: boolean;
}

function StateTitle({ page, children }: { page: boolean | undefined; children: ReactNode }) {
  if (!page) return <p className={classes.title}>{children}</p>;
  return (
    <h1 className={classes.title} id="page-title" tabIndex={-1}>
      {children}
    </h1>
  );
}

export function EmptyState({ title, text, action, icon: Icon = IconInbox, page }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>
        <Icon size={20} stroke={1.6} />
      </span>
      <StateTitle page={page}>{title}</StateTitle>
      {text && <p className={classes.text}>{text}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** Message, what to do, the request's id for whoever looks into it, and another try. */
export function ErrorState({
  error,
  onRetry,
  page,
}: {
  error: unknown;
  onRetry?: () => void;
  page?: boolean;
}) {
  const told = tellingOf(error);
  const Icon = { lost: IconCloudOff, forbidden: IconLock, other: IconMoodEmpty }[told.kind];
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} data-tone="bad">
        <Icon size={20} stroke={1.6} />
      </span>
      <StateTitle page={page}>{told.title}</StateTitle>
      <p className={classes.text}>{told.text}</p>
      {onRetry && (
        <div className={classes.action}>
          <Button variant="default" size="xs" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
      {told.requestId && (
        <p className={classes.request}>
          Request <code>{told.requestId}</code>{' '}
          <CopyButton value={told.requestId} label="Copy the request's id" />
        </p>
      )}
    </div>
  );
}

function tellingOf(error: unknown): {
  kind: 'lost' | 'forbidden' | 'other';
  title: string;
  text: string;
  requestId?: string;
} {
  if (error instanceof ApiError) {
    const kind = error.status === 0 ? 'lost' : error.status === 403 ? 'forbidden' : 'other';
    return { kind, title: error.message, text: error.remedy, requestId: error.requestId };
  }
  return {
    kind: 'other',
    title: 'Something on this page went wrong.',
    text: error instanceof Error ? error.message : 'Try again, or reload the page.',
  };
}
