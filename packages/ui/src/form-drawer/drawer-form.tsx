import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import classes from '../form.module.css';
import { FormProblem } from '../form.tsx';
import type { FormDrawerProps } from '../form-drawer.tsx';

export default function DrawerForm(props: FormDrawerProps) {
  const { title, lead, opened, onClose, form, submitLabel, size = 480, children } = props;
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(false);
    onClose();
  };
  const tryToLeave = () => (form.dirty && !form.busy ? setLeaving(true) : form.busy ? undefined : leave());
  return (
    <>
      <Drawer
        opened={opened}
        onClose={tryToLeave}
        title={title}
        size={size}
        closeButtonProps={{ 'aria-label': 'Close' }}
        styles={{ body: { padding: 0, flex: 1 }, content: { display: 'flex', flexDirection: 'column' } }}
      >
        <form
          noValidate
          className={classes.drawer}
          onSubmit={(event) => {
            event.preventDefault();
            void form.submit();
          }}
        >
          <div className={classes.fields}>
            {lead && <p className={classes.lead}>{lead}</p>}
            <FormProblem form={form} />
            {children}
          </div>
          <div className={classes.drawerFoot}>
            <Button variant="default" onClick={tryToLeave} disabled={form.busy}>
              Cancel
            </Button>
            <Button type="submit" loading={form.busy}>
              {submitLabel}
            </Button>
          </div>
        </form>
      </Drawer>
      <ConfirmDialog
        opened={leaving}
        onClose={() => setLeaving(false)}
        title="Discard what you entered?"
        confirmLabel="Discard"
        cancelLabel="Keep editing"
        danger
        onConfirm={leave}
      />
    </>
  );
}
