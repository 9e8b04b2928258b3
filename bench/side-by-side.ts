/**
 * Figures that can be compared: contenders take turns on the same machine in the same run, and what counts
 * is their ratio, round by round. Results go to bench/results/<name>.json with the hardware and versions.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

/** What else the machine was doing when the run began: the load average of the minute before. */
const loadBefore = Number(loadavg()[0]!.toFixed(1));

export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** Smallest, middle and largest of some figures. */
export function spread(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((one, other) => one - other);
  return { min: sorted[0]!, median: quantile(sorted, 0.5), max: sorted.at(-1)! };
}

/** @param sorted ascending. @param share 0.99 for the 99th percentile */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))]!;
}

export interface Finding {
  /** What was measured. */
  claim: string;
  unit: string;
  figures: Record<string, Spread>;
  /** Ours against each peer, round by round. */
  ratios?: Record<string, Spread>;
  goal: string;
  met: boolean;
  notes?: string[];
}

/**
 * Runs contenders in turns: A B C, A B C, …
 *
 * @param rounds how often each; five unless said, one with BENCH_QUICK
 * @returns each one's figures, in the order of the rounds
 */
export async function takeTurns<Name extends string, Figure>(
  contenders: Record<Name, () => Promise<Figure>>,
  rounds = process.env.BENCH_QUICK ? 1 : 5,
): Promise<Record<Name, Figure[]>> {
  const figures = Object.fromEntries(Object.keys(contenders).map((name) => [name, []])) as unknown as Record<
    Name,
    Figure[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(contenders) as Name[]) figures[name].push(await contenders[name]());
  }
  return figures;
}

/** Round by round, how many times the second the first is. */
export function ratios(ours: readonly number[], theirs: readonly number[]): Spread {
  return spread(ours.map((figure, round) => figure / theirs[round]!));
}

/** Prints findings and keeps them in bench/results (not with BENCH_QUICK, whose figures mean nothing). */
export function report(name: string, findings: readonly Finding[]): void {
  for (const { claim, unit, figures, ratios: found, goal, met } of findings) {
    console.log(`  ${claim}`);
    for (const [who, { min, median, max }] of Object.entries(figures)) {
      console.log(`    ${who.padEnd(34)} ${text(min)} / ${text(median)} / ${text(max)} ${unit}`);
    }
    for (const [who, { min, median, max }] of Object.entries(found ?? {})) {
      console.log(
        `    ratio to ${who.padEnd(25)} ${min.toFixed(2)} / ${median.toFixed(2)} / ${max.toFixed(2)}`,
      );
    }
    console.log(`    goal: ${goal} – ${met ? 'met' : 'NOT met'}`);
  }
  if (process.env.BENCH_QUICK) return;
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const result = {
    name,
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    loadBefore,
    findings,
  };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

function text(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3);
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
