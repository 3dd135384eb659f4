import type { AttemptNode } from '../../session/state/selectors.ts';

export interface AttemptRowData {
  readonly node: AttemptNode;
  /** Grows only where the tree branches: a long chain stays in one column. */
  readonly indent: number;
}

/** The tree from top to bottom. */
export function attemptRows(root: AttemptNode): AttemptRowData[] {
  const rows: AttemptRowData[] = [];
  const waiting: AttemptRowData[] = [{ node: root, indent: 0 }];
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    rows.push(row);
    const { node, indent } = row;
    const inner = node.children.length > 1 || node.attempt.parent === null ? indent + 1 : indent;
    for (const child of node.children.toReversed()) waiting.push({ node: child, indent: inner });
  }
  return rows;
}
