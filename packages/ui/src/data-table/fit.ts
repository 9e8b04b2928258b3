/** How much room a table has. */
import { type RefObject, useLayoutEffect, useState } from 'react';

/** Height from the element's top to the window's bottom, at least 280 px; undefined until known. */
export function useFill(element: RefObject<HTMLElement | null>, on: boolean): number | undefined {
  const [height, setHeight] = useState<number>();
  useLayoutEffect(() => {
    if (!on) return;
    const measure = () => {
      const top = element.current?.getBoundingClientRect().top ?? 0;
      setHeight(Math.max(280, Math.floor(window.innerHeight - top - window.scrollY - 28)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    // What stands above may grow: a filter bar that wraps, a banner.
    const above = element.current?.parentElement;
    if (above) observer.observe(above);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [on, element]);
  return on ? (height ?? 480) : undefined;
}

/** The element's inner width in pixels; at first the window's. */
export function useRoom(element: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(() => (typeof window === 'undefined' ? 1_000 : window.innerWidth - 32));
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const measure = () => {
      if (node.clientWidth > 0) setRoom(node.clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return room;
}
