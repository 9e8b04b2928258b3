/** Notices that another release is being served: its assets have other names, so this tab should reload. */

let changed = false;
const watchers = new Set<() => void>();

export const version = {
  changed: () => changed,
  watch(tell: () => void): () => void {
    watchers.add(tell);
    return () => watchers.delete(tell);
  },
};

function tellChanged(): void {
  changed = true;
  for (const tell of watchers) tell();
}

const running = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute('src');

/** Asks every few minutes, and when the tab comes back into sight, which entry the index names now. */
export function watchVersion(): void {
  // A page's chunk that is gone: the release it belonged to is no longer served.
  window.addEventListener('vite:preloadError', tellChanged);
  if (!import.meta.env.PROD || !running) return;
  let last = Date.now();
  const check = async () => {
    if (changed || document.visibilityState !== 'visible' || Date.now() - last < 30_000) return;
    last = Date.now();
    const page = await fetch('/', { headers: { accept: 'text/html' }, cache: 'no-cache' })
      .then((response) => (response.ok ? response.text() : ''))
      .catch(() => '');
    const named = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1];
    if (named && named !== running) tellChanged();
  };
  setInterval(check, 180_000);
  document.addEventListener('visibilitychange', check);
}
