import type { KeyboardEvent } from 'react';

/** Arrow keys, Home and End among the tree items or options of a list. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"], [role="option"]')];
  const at = items.findIndex((item) => item.matches(':focus'));
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items[Math.min(items.length - 1, Math.max(0, target))]?.focus();
}
