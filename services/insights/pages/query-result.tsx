/** The answer to a query, or what was wrong with it. */
import { Button, Group, Loader, Text } from '@mantine/core';
import type { CallOutput } from '@moonbase/http';
import { type ApiError, Count, toastError, useApi } from '@moonbase/ui';
import { useState } from 'react';
import { insightsApi } from '../api.ts';
import classes from './insights.module.css';

type Result = CallOutput<typeof insightsApi.runQuery>;

export function QueryResult(props: {
  sql: string;
  result: Result | undefined;
  error: ApiError | null;
  running: boolean;
}) {
  const { error, result, running, sql } = props;
  if (running)
    return (
      <Group p="md" gap="sm" aria-live="polite">
        <Loader size="xs" />
        <Text size="sm">Running</Text>
      </Group>
    );
  if (error)
    return (
      <div className={classes.problem} role="alert">
        <p>
          {error.faults[0]?.at.replace('/sql', '').trim() && (
            <strong>{error.faults[0].at.replace('/sql', '').trim()}: </strong>
          )}
          {error.message}
        </p>
        <p>{error.remedy}</p>
      </div>
    );
  if (!result) return null;
  return (
    <>
      <div className={classes.bar}>
        <Text size="sm" aria-live="polite">
          {result.truncated ? 'First ' : ''}
          <Count value={result.rows.length} /> {result.rows.length === 1 ? 'row' : 'rows'} in{' '}
          <Count value={result.milliseconds} digits={0} /> ms
        </Text>
        <Downloads sql={sql} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={classes.result} aria-label="Result" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {result.columns.map((column, index) => (
                <th key={index} scope="col">
                  {column.name}
                  <small>{column.type.length > 24 ? column.type.replace(/\(.*$/s, '') : column.type}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.rows.map((row, place) => (
              <tr key={place}>
                {row.map((value, index) => (
                  <Cell key={index} value={value} type={result.columns[index]?.type ?? ''} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Cell({ type, value }: { value: unknown; type: string }) {
  const number = /INT|DECIMAL|DOUBLE|FLOAT|NUMERIC/.test(type) && !/\(.*\(|\[\]|STRUCT|MAP/.test(type);
  if (value === null || value === undefined)
    return (
      <td data-number={number || undefined}>
        <span className={classes.none}>null</span>
      </td>
    );
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return (
    <td data-number={number || undefined} title={text.length > 60 ? text : undefined}>
      {text}
    </td>
  );
}

function Downloads({ sql }: { sql: string }) {
  const api = useApi(insightsApi);
  const [busy, setBusy] = useState<'csv' | 'parquet'>();
  const download = async (format: 'csv' | 'parquet') => {
    setBusy(format);
    try {
      const answer = (await api.exportQuery({ body: { sql, format } })) as Response;
      const address = URL.createObjectURL(await answer.blob());
      const link = document.createElement('a');
      link.href = address;
      link.download = `query.${format}`;
      link.click();
      URL.revokeObjectURL(address);
    } catch (error) {
      toastError(error as Error);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <Group gap={8}>
      {(['csv', 'parquet'] as const).map((format) => (
        <Button
          key={format}
          size="xs"
          variant="subtle"
          loading={busy === format}
          onClick={() => void download(format)}
        >
          {format === 'csv' ? 'CSV' : 'Parquet'}
        </Button>
      ))}
    </Group>
  );
}
