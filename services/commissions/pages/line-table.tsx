/** Lines of a statement; each opens to tell how it was computed. On paper all of them are open. */
import { Anchor, Button } from '@mantine/core';
import { Day, Link, Money, useFormats } from '@moonbase/ui';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { StatementLine } from '../schema.ts';
import classes from './commissions.module.css';
import { fromUnits, toUnits } from './exact.ts';
import { kindWords, rateWords, reasonOf, sumOf } from './words.ts';

export function LineTable(props: {
  lines: readonly StatementLine[];
  plans: Readonly<Record<string, string>>;
  products: Readonly<Record<string, string>>;
  onDispute?: (line: StatementLine) => void;
}) {
  const { lines, plans, onDispute } = props;
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const formats = useFormats();
  const toggle = (n: number) => {
    const next = new Set(opened);
    if (!next.delete(n)) next.add(n);
    setOpened(next);
  };
  return (
    <div className={classes.scroll}>
      <table className={`${classes.lines} ${classes.fixed}`}>
        <thead>
          <tr>
            <th scope="col">Sale</th>
            <th scope="col" className={classes.day}>
              Day
            </th>
            <th scope="col" className={`${classes.kind} ${classes.wide}`}>
              What
            </th>
            <th scope="col" className={`${classes.right} ${classes.money} ${classes.wide}`}>
              Basis
            </th>
            <th scope="col" className={`${classes.right} ${classes.rate} ${classes.wide}`}>
              Rate
            </th>
            <th scope="col" className={`${classes.right} ${classes.money}`}>
              Commission
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Fragment key={line.n}>
              <tr>
                <td>
                  <button
                    type="button"
                    className={classes.opener}
                    aria-expanded={opened.has(line.n)}
                    onClick={() => toggle(line.n)}
                  >
                    <IconChevronRight size={13} aria-hidden="true" />
                    <span>{line.reference ?? `Line ${line.n}`}</span>
                  </button>
                </td>
                <td>
                  <Day value={line.day} form="short" />
                </td>
                <td className={classes.wide}>{kindWords[line.kind]}</td>
                <td className={`${classes.right} ${classes.wide}`}>
                  <Money value={line.kind === 'tier' ? line.applied : line.basis} currency={line.currency} />
                </td>
                <td className={`${classes.right} ${classes.wide}`}>{rateWords(line, formats)}</td>
                <td className={classes.right}>
                  <Money value={line.commission} currency={line.currency} />
                </td>
              </tr>
              <tr className={`${classes.how} ${opened.has(line.n) ? '' : classes.onlyPrint}`}>
                <td colSpan={6}>
                  <p className={classes.sum}>{sumOf(line, formats)}</p>
                  <p className={classes.reason}>{reasonOf(line, plans, formats)}</p>
                  <p className={`${classes.meta} ${classes.notPrint}`}>
                    {line.saleId && (
                      <Anchor component={Link} to={`/sales/${line.saleId}`} inherit>
                        The sale
                      </Anchor>
                    )}
                    {line.planId && (
                      <Anchor component={Link} to={`/commissions/plans/${line.planId}`} inherit>
                        The plan
                      </Anchor>
                    )}
                    {onDispute && (
                      <Button size="compact-xs" variant="default" onClick={() => onDispute(line)}>
                        Dispute this line
                      </Button>
                    )}
                  </p>
                </td>
              </tr>
            </Fragment>
          ))}
        </tbody>
        {lines.length > 1 && <Foot lines={lines} />}
      </table>
    </div>
  );
}

function Foot({ lines }: { lines: readonly StatementLine[] }) {
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  const sum = (of: 'basis' | 'commission', currency: string) =>
    fromUnits(
      lines
        .filter((line) => line.currency === currency)
        .reduce((total, line) => total + toUnits(line[of]), 0n),
    );
  return (
    <tfoot>
      {currencies.map((currency) => (
        <tr key={currency}>
          <td>Together</td>
          <td />
          <td className={classes.wide} />
          <td className={`${classes.right} ${classes.wide}`}>
            <Money value={sum('basis', currency)} currency={currency} />
          </td>
          <td className={classes.wide} />
          <td className={classes.right}>
            <Money value={sum('commission', currency)} currency={currency} />
          </td>
        </tr>
      ))}
    </tfoot>
  );
}
