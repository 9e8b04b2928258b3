import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { addressWith } from './filters.ts';

/** The figures as a file. */
export function ExportMenu(props: {
  /** Below `/api`. */
  path: string;
  query: Readonly<Record<string, string | undefined>>;
  label: string;
}) {
  const { label, path, query } = props;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={`Export «${label}»`}>
          <IconDownload size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'parquet'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={addressWith(`/api${path}`, { ...query, format })}
            download
          >
            {format === 'csv' ? 'CSV' : 'Parquet'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
