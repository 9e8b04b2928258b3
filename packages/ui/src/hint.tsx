/** Words that appear beside something under the pointer or in focus. Small: it is part of the first load. */
import {
  cloneElement,
  type FocusEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import classes from './hint.module.css';

interface Target {
  onMouseEnter?: (event: MouseEvent<HTMLElement>) => void;
  onMouseLeave?: (event: MouseEvent<HTMLElement>) => void;
  onFocus?: (event: FocusEvent<HTMLElement>) => void;
  onBlur?: (event: FocusEvent<HTMLElement>) => void;
  'aria-describedby'?: string;
}

export interface HintProps {
  label: ReactNode;
  side?: 'below' | 'right';
  /** An element that takes mouse and focus handlers. */
  children: ReactElement<Target>;
}

export function Hint({ label, side = 'below', children }: HintProps) {
  const [at, setAt] = useState<DOMRect>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  const show = (element: HTMLElement, wait: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAt(element.getBoundingClientRect()), wait);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setAt(undefined);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!at) return;
    const leave = (event: Event) => {
      if (event.type !== 'keydown' || (event as KeyboardEvent).key === 'Escape') setAt(undefined);
    };
    for (const type of ['keydown', 'scroll', 'pointerdown']) window.addEventListener(type, leave, true);
    return () => {
      for (const type of ['keydown', 'scroll', 'pointerdown']) window.removeEventListener(type, leave, true);
    };
  }, [at]);
  const given = children.props;
  return (
    <>
      {cloneElement(children, {
        onMouseEnter: (event: MouseEvent<HTMLElement>) => {
          given.onMouseEnter?.(event);
          show(event.currentTarget, 350);
        },
        onMouseLeave: (event: MouseEvent<HTMLElement>) => {
          given.onMouseLeave?.(event);
          hide();
        },
        onFocus: (event: FocusEvent<HTMLElement>) => {
          given.onFocus?.(event);
          if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget, 0);
        },
        onBlur: (event: FocusEvent<HTMLElement>) => {
          given.onBlur?.(event);
          hide();
        },
        ...(at ? { 'aria-describedby': id } : {}),
      })}
      {at && createPortal(<Bubble id={id} label={label} at={at} side={side} />, document.body)}
    </>
  );
}

function Bubble({ id, label, at, side }: { id: string; label: ReactNode; at: DOMRect; side: string }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = box.current!;
    const { width, height } = node.getBoundingClientRect();
    const fits = (value: number, most: number) => Math.max(6, Math.min(value, most - 6));
    const below = at.bottom + 6 + height < window.innerHeight ? at.bottom + 6 : at.top - 6 - height;
    const left = side === 'right' ? at.right + 8 : at.left + at.width / 2 - width / 2;
    const top = side === 'right' ? at.top + at.height / 2 - height / 2 : below;
    node.style.translate = `${fits(left, window.innerWidth - width)}px ${fits(top, window.innerHeight - height)}px`;
  }, [at, side]);
  return (
    <div ref={box} id={id} role="tooltip" className={classes.bubble}>
      {label}
    </div>
  );
}
