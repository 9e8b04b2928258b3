import { Kbd, Modal } from '@mantine/core';
import { useShortcutList } from '@moonbase/ui/shortcuts.ts';
import classes from './shortcut-help.module.css';

const always = [
  { keys: 'Ctrl K', label: 'Search or jump to', group: 'Everywhere' },
  { keys: '↑ ↓', label: 'Move among rows', group: 'Tables' },
  { keys: 'Enter', label: 'Open the row', group: 'Tables' },
  { keys: 'Space', label: 'Select the row', group: 'Tables' },
];
const order = ['This page', 'Go to', 'Everywhere', 'Tables'];

/** All shortcuts there are here and now. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const shortcuts = [...useShortcutList(), ...always];
  const groups = [...new Set([...order, ...shortcuts.map(({ group }) => group)])];
  return (
    <Modal
      opened
      onClose={onClose}
      title="Keyboard shortcuts"
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.groups}>
        {groups.map((group) => {
          const rows = shortcuts.filter((each) => each.group === group);
          if (rows.length === 0) return null;
          return (
            <section key={group}>
              <h3 className={classes.title}>{group}</h3>
              <dl className={classes.rows}>
                {rows.map((row) => (
                  <div key={row.keys}>
                    <dt>{row.label}</dt>
                    <dd>
                      {row.keys.split(' ').map((key) => (
                        <Kbd key={key} size="xs">
                          {key}
                        </Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Modal>
  );
}
