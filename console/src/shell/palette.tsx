import { Modal } from '@mantine/core';
import { useGo } from '@moonbase/ui/address.tsx';
import type { PageEntry } from '@moonbase/ui/pages.ts';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import classes from './palette.module.css';
import { type Choice, usePaletteChoices } from './palette-choices.ts';
import type { Overlay } from './use-shell-keys.ts';

/** Pages, actions and records by a few letters. */
export default function Palette({
  pages,
  open,
  onClose,
}: {
  pages: readonly PageEntry[];
  open: (overlay: Overlay) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const go = useGo();
  const { choices, searching } = usePaletteChoices(pages, text);
  const groups = useMemo(() => [...new Set(choices.map(({ group }) => group))], [choices]);
  const chosen = Math.min(active, Math.max(0, choices.length - 1));

  useEffect(() => {
    list.current?.querySelector(`[data-place="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    if ('to' in choice) go(choice.to);
    else open(choice.overlay);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && choices.length > 0) {
      event.preventDefault();
      setActive((chosen + step + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(choices[chosen]);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size={560}
      padding={0}
      attributes={{ content: { 'aria-label': 'Search or jump to' } }}
    >
      <div className={classes.field}>
        <IconSearch size={17} aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type into this field.
          autoFocus
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={choices.length > 0 ? `${id}-${chosen}` : undefined}
          aria-label="Search or jump to"
          placeholder="Search agents, pages, actions …"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        {searching && <span className={classes.busy}>Searching …</span>}
      </div>
      <div className={classes.list} id={`${id}-list`} role="listbox" aria-label="Results" ref={list}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset.
          <div key={group} role="group" aria-label={group}>
            <div className={classes.group} aria-hidden="true">
              {group}
            </div>
            {choices.map((choice, place) =>
              choice.group === group ? (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
                // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus (aria-activedescendant).
                <div
                  key={choice.id}
                  id={`${id}-${place}`}
                  data-place={place}
                  role="option"
                  aria-selected={place === chosen}
                  className={classes.choice}
                  onMouseMove={() => setActive(place)}
                  onClick={() => take(choice)}
                >
                  <choice.icon size={16} stroke={1.6} />
                  <span className={classes.title}>{choice.title}</span>
                  {choice.detail && <span className={classes.detail}>{choice.detail}</span>}
                </div>
              ) : null,
            )}
          </div>
        ))}
      </div>
      {choices.length === 0 && (
        <p className={classes.none} role="status">
          {searching ? 'Searching …' : `Nothing found for «${text}».`}
        </p>
      )}
    </Modal>
  );
}
