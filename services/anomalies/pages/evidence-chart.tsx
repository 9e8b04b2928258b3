/** The history that something was held against, as bars, with the one that stood out at the end. */
import { Chart, type ValueFormat } from '@moonbase/ui';
import type { Anomaly } from '../schema.ts';

const whose = {
  agent: 'The agent’s',
  product: 'The product’s',
  branch: 'The branch’s',
  person: 'The person’s',
};
const THIS = 'This one';

export function EvidenceChart({ anomaly }: { anomaly: Anomaly }) {
  const { evidence, detector, day } = anomaly;
  if (evidence.history.length === 0) return null;
  const hours = detector === 'export-out-of-hours';
  const label = labelling(hours);
  const rows: Record<string, string | null>[] = evidence.history.map(({ at, value }) => ({
    at: label(at),
    before: value,
    now: null,
  }));
  if (!hours) rows.push({ at: label(day), before: null, now: evidence.value });
  const before = hours
    ? 'Exports before, by hour'
    : evidence.measure === 'amount'
      ? 'Sales before'
      : 'Days before';
  const format: ValueFormat =
    evidence.measure === 'amount' && evidence.currency ? { money: evidence.currency } : 'count';
  return (
    <Chart
      kind="bar"
      stacked
      label={`${whose[evidence.whose]} history${hours ? '' : ', and this one'}`}
      rows={rows}
      x="at"
      series={[{ key: 'before', name: before, muted: true }, ...(hours ? [] : [{ key: 'now', name: THIS }])]}
      tones={{ [THIS]: 'bad' }}
      format={format}
      goal={evidence.usual !== null && !hours ? { value: Number(evidence.usual), name: 'Usual' } : undefined}
      height={200}
    />
  );
}

/** Several sales of one day are bars of their own. */
function labelling(hours: boolean): (at: string) => string {
  const seen = new Map<string, number>();
  return (at) => {
    const times = (seen.get(at) ?? 0) + 1;
    seen.set(at, times);
    const text = hours ? at : dayOf(at);
    return times === 1 ? text : `${text} (${times})`;
  };
}

function dayOf(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
  });
}
