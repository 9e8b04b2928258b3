import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Hint } from '@moonbase/ui/hint.tsx';
import { IconMoon, IconSun } from '@tabler/icons-react';

/** Light or dark; until somebody chooses, as the system does. */
export function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  const other = shown === 'dark' ? 'light' : 'dark';
  return (
    <Hint label={`Use ${other} colours`}>
      <ActionIcon aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
        {shown === 'dark' ? <IconSun size={17} stroke={1.7} /> : <IconMoon size={17} stroke={1.7} />}
      </ActionIcon>
    </Hint>
  );
}
