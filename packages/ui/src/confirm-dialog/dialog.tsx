import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { ApiError } from '../calls.ts';
import classes from '../confirm-dialog.module.css';
import type { ConfirmDialogProps } from '../confirm-dialog.tsx';

export default function Dialog(props: ConfirmDialogProps) {
  const { opened, onClose, title } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {/* What was typed goes with the dialog. */}
      {opened && <Asked {...props} />}
    </Modal>
  );
}

function Asked(props: ConfirmDialogProps) {
  const {
    onClose,
    confirmLabel,
    cancelLabel = 'Go back',
    danger,
    reason,
    typed,
    onConfirm,
    children,
  } = props;
  const [text, setText] = useState('');
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [missing, setMissing] = useState(false);

  const confirm = async () => {
    if (busy) return;
    if (reason && text.trim() === '') return setMissing(true);
    if (typed && word !== typed) return setMissing(true);
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm(text.trim());
      onClose();
    } catch (error) {
      setProblem(error instanceof ApiError ? `${error.message} ${error.remedy}` : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      {children && <div className={classes.text}>{children}</div>}
      {reason && (
        <Textarea
          label={typeof reason === 'string' ? reason : 'Reason'}
          data-autofocus
          maxLength={500}
          value={text}
          error={missing && text.trim() === '' ? 'Say why; it is kept with the change.' : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {typed && (
        <Textarea
          label={`Type «${typed}» to go on`}
          minRows={1}
          value={word}
          error={missing && word !== typed ? 'This is not the same.' : undefined}
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      )}
      {problem && (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose} disabled={busy}>
          {cancelLabel}
        </Button>
        <Button
          type="submit"
          color={danger ? 'red' : undefined}
          loading={busy}
          data-autofocus={reason || typed ? undefined : true}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
