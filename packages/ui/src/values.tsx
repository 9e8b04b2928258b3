/** Numbers and times as components: in the viewer's locale, tabular, exact on hover. */
import { useMemo, useSyncExternalStore } from 'react';
import { type Formats, formatsFor, type NumberStyle, type Numeric } from './formats.ts';
import { useOrganisation, useViewer } from './viewer.tsx';

/** The formats of whoever is looking; see the README. */
export function useFormats(): Formats {
  const { currency } = useOrganisation();
  const { locale, zone } = useViewer();
  return useMemo(
    () => formatsFor({ currency, locale: locale ?? undefined, zone: zone ?? undefined }),
    [currency, locale, zone],
  );
}

interface Shown {
  /** What stands where there is no value; a dash unless said. */
  none?: string;
  className?: string;
}

function none(props: Shown) {
  return <span className="mb-none">{props.none ?? '–'}</span>;
}

export function Money({
  value,
  currency,
  ...props
}: { value: Numeric | null | undefined; currency?: string | null } & NumberStyle & Shown) {
  const formats = useFormats();
  if (value === null || value === undefined) return none(props);
  const code = currency ?? undefined;
  return (
    <span className={`mb-number ${props.className ?? ''}`} title={formats.exactMoney(value, code)}>
      {formats.money(value, code, props)}
    </span>
  );
}

export function Count({ value, ...props }: { value: Numeric | null | undefined } & NumberStyle & Shown) {
  const formats = useFormats();
  if (value === null || value === undefined) return none(props);
  return (
    <span
      className={`mb-number ${props.className ?? ''}`}
      title={props.compact ? formats.count(value) : undefined}
    >
      {formats.count(value, props)}
    </span>
  );
}

/** A ratio (0.123 is 12.3 %); `of={100}` takes what is in percent already. */
export function Percent({
  value,
  of = 1,
  ...props
}: { value: Numeric | null | undefined; of?: 1 | 100 } & NumberStyle & Shown) {
  const formats = useFormats();
  if (value === null || value === undefined) return none(props);
  const ratio = Number(value) / of;
  return (
    <span className={`mb-number ${props.className ?? ''}`} title={formats.percent(ratio, { digits: 2 })}>
      {formats.percent(ratio, props)}
    </span>
  );
}

export function When({
  at,
  exact,
  zone,
  ...props
}: { at: string | Date | null | undefined; exact?: boolean; zone?: string } & Shown) {
  const formats = useFormats();
  const now = useNow();
  if (!at) return none(props);
  return (
    <time
      className={`mb-number ${props.className ?? ''}`}
      dateTime={new Date(at).toISOString()}
      title={formats.exactTime(at, zone)}
    >
      {exact || zone ? formats.time(at, { zone, now }) : formats.when(at, now)}
    </time>
  );
}

export function Day({
  value,
  form,
  ...props
}: { value: string | null | undefined; form?: 'long' | 'short' | 'weekday' | 'month' } & Shown) {
  const formats = useFormats();
  if (!value) return none(props);
  return (
    <time
      className={`mb-number ${props.className ?? ''}`}
      dateTime={value}
      title={formats.day(value, 'long')}
    >
      {formats.day(value, form)}
    </time>
  );
}

export function Duration({ ms, ...props }: { ms: number | null | undefined } & Shown) {
  const formats = useFormats();
  if (ms === null || ms === undefined) return none(props);
  return <span className="mb-number">{formats.duration(ms)}</span>;
}

export function Bytes({ value, ...props }: { value: number | null | undefined } & Shown) {
  const formats = useFormats();
  if (value === null || value === undefined) return none(props);
  return (
    <span className="mb-number" title={formats.count(value)}>
      {formats.bytes(value)}
    </span>
  );
}

let now = new Date();
let ticking: ReturnType<typeof setInterval> | undefined;
const clocks = new Set<() => void>();

/** The time, renewed every 20 s for all that show one. */
export function useNow(): Date {
  return useSyncExternalStore(watchClock, readClock);
}

function readClock(): Date {
  return now;
}

function watchClock(tell: () => void): () => void {
  clocks.add(tell);
  if (ticking === undefined || Date.now() - now.getTime() > 20_000) now = new Date();
  ticking ??= setInterval(() => {
    now = new Date();
    for (const each of clocks) each();
  }, 20_000);
  return () => {
    clocks.delete(tell);
    if (clocks.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}
