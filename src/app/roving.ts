import type { KeyboardEvent } from 'react';

const ITEMS = '[role="treeitem"], [role="option"]';

/**
 * Arrow keys, Home and End among the items of a tree or list: up and down to the neighbours, left to the parent or to close it,
 * right to open it or to its first child.
 */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.findIndex((item) => item.matches(':focus'));
  const current = items[at];
  if (!current || event.altKey || event.ctrlKey || event.metaKey) return;
  const target = targetOf(event.key, items, at);
  if (target === undefined) return;
  event.preventDefault();
  if (target === 'toggle') current.click();
  else target?.focus();
}

/** Undefined: not a key of ours. Null: nowhere to go. */
function targetOf(key: string, items: readonly HTMLElement[], at: number): HTMLElement | 'toggle' | null | undefined {
  const expanded = items[at]?.getAttribute('aria-expanded');
  switch (key) {
    case 'ArrowDown':
      return items[at + 1] ?? null;
    case 'ArrowUp':
      return items[at - 1] ?? null;
    case 'Home':
      return items[0];
    case 'End':
      return items.at(-1);
    case 'ArrowRight':
      if (expanded === 'false') return 'toggle';
      return levelOf(items[at + 1]) > levelOf(items[at]) ? items[at + 1] : null;
    case 'ArrowLeft':
      if (expanded === 'true') return 'toggle';
      return items.slice(0, at).findLast((item) => levelOf(item) < levelOf(items[at])) ?? null;
    default:
      return undefined;
  }
}

const levelOf = (item: HTMLElement | undefined): number => Number(item?.getAttribute('aria-level') ?? 0);
