/** How months, states and lines are called on pages. */
import type { Formats, Tone } from '@moonbase/ui';
import type { StatementLine } from '../schema.ts';
import { plain } from './exact.ts';

/** `March 2026`, in the viewer's language. */
export function monthName(month: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

export const statusTones: Record<string, Tone> = { open: 'info', closed: 'neutral', paid: 'good' };
export const disputeTones: Record<string, Tone> = {
  ...{ open: 'warn', accepted: 'good', refused: 'bad', withdrawn: 'neutral' },
};

export const kindWords: Record<StatementLine['kind'], string> = {
  sale: 'Sale',
  late: 'Late sale',
  correction: 'Correction',
  clawback: 'Clawback',
  tier: 'Tier reached',
  adjustment: 'Adjustment',
};

/** Whoever is meant; a name that is erased leaves the code. */
export const nameOf = ({ name, code }: { name: string | null; code: string }) => name ?? code;

/** The tier's rate and what was added to it: `7.5 %`, `7.5 % + 1 %, × 1.15`. */
export function rateWords(line: StatementLine, formats: Formats): string {
  if (line.rate === null) return '–';
  const parts = [percent(line.rate, formats)];
  if (plain(line.points ?? '0') !== '0') parts.push(`+ ${percent(line.points!, formats)}`);
  const multiplier = plain(line.multiplier ?? '1');
  if (multiplier !== '1') parts.push(`× ${exactly(multiplier, formats)}`);
  return parts.join(' ');
}

/** A percentage that is one already, with no more decimals than it has. */
export function percent(value: string, formats: Formats): string {
  return `${exactly(value, formats)} %`;
}

/** A number with the decimals that it has. */
export function exactly(value: string, formats: Formats): string {
  const short = plain(value);
  return formats.count(short, { digits: short.split('.')[1]?.length ?? 0 });
}

/** The sum that gives the commission, to be done again by hand. */
export function sumOf(line: StatementLine, formats: Formats): string {
  const money = (value: string) => formats.exactMoney(value, line.currency);
  const result = money(line.commission);
  if (line.kind === 'adjustment') return result;
  if (line.of)
    return `${money(line.of.commission)} × ${money(line.applied)} ÷ ${money(line.of.basis)} = ${result}`;
  if (line.rate === null) return `${money(line.applied)} × 0 % = ${result}`;
  const points = plain(line.points ?? '0');
  const rate =
    points === '0'
      ? percent(line.rate, formats)
      : `(${percent(line.rate, formats)} + ${percent(line.points!, formats)})`;
  const multiplier = plain(line.multiplier ?? '1');
  const factor = multiplier === '1' ? '' : ` × ${exactly(multiplier, formats)}`;
  return `${money(line.applied)} × ${rate}${factor} = ${result}`;
}

/** Why the rate is what it is, in words. */
export function reasonOf(
  line: StatementLine,
  plans: Readonly<Record<string, string>>,
  formats: Formats,
): string {
  const plan = line.planId ? `${plans[line.planId] ?? 'A plan'}, version ${line.version}` : null;
  const parts = [];
  if (line.why) parts.push(line.why);
  if (plan && line.tier) {
    const [before, after] = line.counter ?? [null, null];
    const counted =
      before === null || after === null
        ? ''
        : `; the plan’s count went from ${exactly(before, formats)} to ${exactly(after, formats)}`;
    parts.push(`Tier ${line.tier} of ${plan}${counted}`);
  } else if (plan) parts.push(`Settled by ${plan}`);
  if (line.share && plain(line.share) !== '100')
    parts.push(`${percent(line.share, formats)} of a shared sale`);
  return parts.join('. ');
}
