import { useSyncExternalStore } from 'react';

/** Three columns, two, or one with a tab bar. */
export type PageWidth = 'wide' | 'medium' | 'narrow';

const wide = () => window.matchMedia('(min-width: 1200px)');
const medium = () => window.matchMedia('(min-width: 720px)');

function subscribe(listener: () => void): () => void {
  const queries = [wide(), medium()];
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}

/** The width class of the page; whoever uses it is drawn again when that changes. */
export function usePageWidth(): PageWidth {
  return useSyncExternalStore(subscribe, () => (wide().matches ? 'wide' : medium().matches ? 'medium' : 'narrow'));
}
