/**
 * Writes the table of bench/README.md from bench/results/*.json: `node bench/print-results.ts`. Figures are
 * least, middle and largest of the rounds.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, Spread } from './side-by-side.ts';

interface Result {
  name: string;
  at: string;
  commit: string;
  machine: Record<string, unknown>;
  /** Load average of the minute before the run; missing in older results. */
  loadBefore?: number;
  findings: Finding[];
}

const folder = join(import.meta.dirname, 'results');
const readme = join(import.meta.dirname, 'README.md');
const [START, END] = ['<!-- results -->', '<!-- end of results -->'];

const number = (figure: number) =>
  figure >= 100 ? Math.round(figure).toLocaleString('en') : String(Number(figure.toPrecision(3)));
const text = ({ min, median, max }: Spread) => `${number(min)} / **${number(median)}** / ${number(max)}`;

function rowsOf({ name, findings }: Result): string[] {
  return findings.map(({ claim, unit, figures, ratios = {}, goal, met }) => {
    const found = Object.entries(figures).map(([who, figure]) => `${who}: ${text(figure)} ${unit}`);
    const compared = Object.entries(ratios).map(([who, ratio]) => `${text(ratio)} × ${who}`);
    const cells = [
      `\`${name}\``,
      claim,
      found.join('<br>'),
      compared.join('<br>'),
      goal,
      met ? 'met' : '**not met**',
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

const results = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result);
const table = [
  '| bench | what | min / **median** / max | ratio | goal | |',
  '| --- | --- | --- | --- | --- | --- |',
  ...results.flatMap(rowsOf),
  '',
  ...results.map(({ name, at, commit, loadBefore }) => {
    const load = loadBefore === undefined ? '' : `, load average before it ${loadBefore}`;
    return `- \`${name}\`: ${at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}${load}`;
  }),
].join('\n');
const before = readFileSync(readme, 'utf8');
const [head, tail] = [before.split(START)[0]!, before.split(END)[1] ?? '\n'];
writeFileSync(readme, `${head}${START}\n${table}\n${END}${tail}`);
console.log(table);
