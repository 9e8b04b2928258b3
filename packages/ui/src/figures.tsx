/** Numbers that stand alone: with their change, their course, and what they lead to. */

import { Skeleton } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from './address.tsx';
import classes from './figures.module.css';
import { Hint } from './hint.tsx';
import { Sparkline } from './sparkline.tsx';
import { useFormats } from './values.tsx';

export interface DeltaProps {
  /** A ratio: 0.12 is up 12 %. Null where there was nothing before. */
  value: number | null;
  /** What it is compared with: «last month». */
  against?: string;
  /** Which direction is good news; `up` unless said, `none` for neither. */
  good?: 'up' | 'down' | 'none';
}

/** A change against something before. */
export function Delta({ value, against, good = 'up' }: DeltaProps) {
  const formats = useFormats();
  if (value === null || !Number.isFinite(value)) {
    return against ? <span className={classes.delta}>– vs {against}</span> : null;
  }
  const direction = Math.abs(value) < 0.0005 ? 'flat' : value > 0 ? 'up' : 'down';
  const Icon = { up: IconArrowUpRight, down: IconArrowDownRight, flat: IconMinus }[direction];
  const tone = direction === 'flat' || good === 'none' ? undefined : direction === good ? 'good' : 'bad';
  return (
    <span className={classes.delta}>
      <span className={classes.change} data-tone={tone}>
        <Icon size={14} stroke={2} aria-hidden="true" />
        <span className="mb-hidden">{direction === 'down' ? 'down' : direction === 'up' ? 'up' : ''}</span>
        {formats.percent(Math.abs(value), { digits: Math.abs(value) < 0.1 ? 1 : 0 })}
      </span>
      {against && <span>vs {against}</span>}
    </span>
  );
}

export interface FigureProps {
  label: string;
  value: ReactNode;
  /** Explains the number on hover and to screen readers. */
  hint?: string;
  loading?: boolean;
  size?: 'md' | 'lg';
}

/** A number with its name. */
export function Figure({ label, value, hint, loading, size = 'md' }: FigureProps) {
  return (
    <div className={classes.figure} data-size={size}>
      <div className={classes.label}>
        {hint ? (
          <Hint label={hint}>
            <button type="button" className={classes.hint}>
              {label}
            </button>
          </Hint>
        ) : (
          label
        )}
      </div>
      <div className={classes.value}>{loading ? <Skeleton height={20} width={96} my={4} /> : value}</div>
    </div>
  );
}

export interface StatCardProps extends FigureProps {
  delta?: DeltaProps;
  /** Its course, oldest first. */
  spark?: readonly number[];
  /** Where a click leads. */
  to?: string;
  /** A line below: «of 120,000 target». */
  note?: ReactNode;
}

/** A figure as a card of a dashboard. */
export function StatCard({ label, value, hint, loading, delta, spark, to, note }: StatCardProps) {
  return (
    <div className={classes.card}>
      <Figure label={label} value={value} hint={hint} loading={loading} size="lg" />
      <div className={classes.below}>
        {loading ? (
          <Skeleton height={10} width={120} my={5} />
        ) : delta ? (
          <Delta {...delta} />
        ) : (
          <span>{note}</span>
        )}
        {spark && spark.length > 1 && !loading && (
          <Sparkline values={spark} label={`${label}, course`} width={84} height={24} />
        )}
      </div>
      {delta && note && !loading && <div className={classes.note}>{note}</div>}
      {to && (
        <Link to={to} className={classes.cover} aria-label={`${label}: open`}>
          {null}
        </Link>
      )}
    </div>
  );
}
