/** The register of processing: every table with personal data, as services declare them. */
import { privacyApi, type RegisterEntry } from '@moonbase/service/privacy-api';
import { type Column, DataTable, sourceOf, useRead, wordOf } from '@moonbase/ui';
import type { z } from 'zod';

type Entry = z.output<typeof RegisterEntry>;

export function RegisterView() {
  const register = useRead(privacyApi.readRegister);
  return (
    <DataTable
      label="Register of processing"
      columns={columns}
      source={sourceOf(register, (answer) => answer.items)}
      rowId={(row) => row.table}
      height="fill"
    />
  );
}

const columns: Column<Entry>[] = [
  { id: 'service', header: 'Service', width: 120, cell: (row) => row.service },
  {
    id: 'purpose',
    header: 'What for',
    grow: 2.6,
    cell: (row) => <span title={row.purpose}>{row.purpose}</span>,
  },
  { id: 'whose', header: 'Whose', cell: (row) => row.whose.map(wordOf).join(', ') || 'Anyone named in it' },
  { id: 'basis', header: 'Basis', width: 140, cell: (row) => wordOf(row.basis) },
  { id: 'kept', header: 'Kept', grow: 1.8, cell: (row) => <span title={row.kept}>{row.kept}</span> },
  {
    id: 'columns',
    header: 'Where',
    grow: 1.6,
    cell: (row) => (
      <code style={{ fontSize: 12 }} title={`${row.table}: ${row.columns.join(', ')}`}>
        {row.table}
      </code>
    ),
    hide: 'narrow',
  },
];
