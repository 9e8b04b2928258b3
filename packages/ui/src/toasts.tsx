/** Draws the toasts; the shell has one of these. */
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { Link } from './address.tsx';
import { type ShownToast, toasts } from './toast.ts';
import classes from './toasts.module.css';

const icons = { good: IconCircleCheck, bad: IconAlertTriangle, info: IconInfoCircle };

export function Toasts() {
  const shown = useSyncExternalStore(toasts.watch, toasts.list);
  return createPortal(
    // Present from the start: a live region that appears together with its text is not read out.
    <section className={classes.stack} aria-label="Messages" aria-live="polite">
      {shown.map((each) => (
        <OneToast key={each.id} toast={each} />
      ))}
    </section>,
    document.body,
  );
}

function OneToast({ toast }: { toast: ShownToast }) {
  const [held, setHeld] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const tone = toast.tone ?? 'info';
  const Icon = icons[tone];
  const stay = tone === 'bad' ? 9_000 : toast.undo ? 8_000 : 4_500;
  useEffect(() => {
    if (held || undoing) return;
    const timer = setTimeout(() => toasts.close(toast.id), stay);
    return () => clearTimeout(timer);
  }, [held, undoing, stay, toast.id]);
  const undo = async () => {
    setUndoing(true);
    await toast.undo?.().catch(() => undefined);
    toasts.close(toast.id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: looking at it holds it; nothing is hidden behind that.
    <div
      className={classes.toast}
      data-tone={tone}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={18} stroke={1.8} aria-hidden="true" />
      <div className={classes.words}>
        <div className={classes.title}>{toast.title}</div>
        {toast.text && <div className={classes.text}>{toast.text}</div>}
      </div>
      {toast.undo && (
        <button type="button" className={classes.undo} onClick={undo} disabled={undoing}>
          Undo
        </button>
      )}
      {toast.link && (
        <Link to={toast.link.to} className={classes.undo} onClick={() => toasts.close(toast.id)}>
          {toast.link.label}
        </Link>
      )}
      <button
        type="button"
        className={classes.close}
        aria-label="Close message"
        onClick={() => toasts.close(toast.id)}
      >
        <IconX size={15} />
      </button>
    </div>
  );
}
