import { Anchor, Text } from '@mantine/core';
import { Link, Money } from '@moonbase/ui';
import { addressWith, type FilterValues } from './filters.ts';
import classes from './insights.module.css';

/** Amounts that the answer leaves out since they are in other currencies; each leads to the same view in it. */
export function OtherCurrencies(props: {
  others: readonly { currency: string; total: string; sales: number }[];
  filters: FilterValues;
  path: string;
}) {
  const { filters, others, path } = props;
  if (others.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" className={classes.others}>
      Not included:{' '}
      {others.map(({ currency, sales, total }, index) => (
        <span key={currency}>
          {index > 0 && ', '}
          <Anchor
            component={Link}
            to={addressWith(path, { ...filters, currency })}
            inherit
            underline="always"
          >
            <Money value={total} currency={currency} />
          </Anchor>{' '}
          in {sales} {sales === 1 ? 'sale' : 'sales'}
        </span>
      ))}
    </Text>
  );
}
