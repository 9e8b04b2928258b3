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

/** Whether the columns are wider than the element: it scrolls sideways. */
export function useSideways(element: RefObject<HTMLElement | null>): boolean {
  const [sideways, setSideways] = useState(false);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const observer = new ResizeObserver(() => setSideways(node.scrollWidth > node.clientWidth + 1));
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return sideways;
}

/** Whether the element is too narrow for columns. */
export function useNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(() => typeof window !== 'undefined' && window.innerWidth < 600);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setNarrow(entry.contentRect.width < 560);
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return narrow;
}
