import { Menu, useMantineColorScheme } from '@mantine/core';
import { useGo } from '@moonbase/ui/address.tsx';
import { useViewer } from '@moonbase/ui/viewer.tsx';
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLock,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { pages } from '../page-tables.ts';
import { signOut } from '../session.ts';
import { sessionKey } from '../session-key.ts';
import classes from './account-menu.module.css';
import type { Overlay } from './use-shell-keys.ts';

/** The viewer's own page, where the people service brings one. */
const profile = pages.find((page) => page.path === '/settings/profile');

const schemes = [
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
  ['auto', 'As the system', IconDeviceDesktop],
] as const;

export default function AccountMenuItems({
  open,
  button,
}: {
  open: (overlay: Overlay) => void;
  button: ReactNode;
}) {
  const viewer = useViewer();
  const router = useRouter();
  const go = useGo();
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = async () => {
    await signOut();
    client.clear();
    client.setQueryData(sessionKey, null);
    await router.navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" width={224} withinPortal={false} defaultOpened>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.who}>
          <span className={classes.name}>{viewer.name}</span>
          <span className={classes.email}>{viewer.email}</span>
        </Menu.Label>
        <Menu.Divider />
        {profile && (
          <Menu.Item leftSection={<IconUser size={16} stroke={1.6} />} onClick={() => go(profile.path)}>
            {profile.title}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLock size={16} stroke={1.6} />} onClick={() => open('password')}>
          Change password
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.6} />} onClick={() => open('shortcuts')}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(([key, label, Icon]) => (
          <Menu.Item
            key={key}
            leftSection={<Icon size={16} stroke={1.6} />}
            rightSection={colorScheme === key ? <span aria-hidden="true">✓</span> : null}
            aria-current={colorScheme === key ? true : undefined}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(key)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
