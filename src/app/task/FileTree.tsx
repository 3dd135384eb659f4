import { useState } from 'react';
import { Icon } from '../icons.tsx';
import { moveFocus } from '../roving.ts';
import { type FileRow, fileRows, visibleRows } from './file-rows.ts';

interface FileTreeProps {
  readonly paths: readonly string[];
  /** Changed by the attempt in view. */
  readonly changed: ReadonlySet<string>;
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

export function FileTree({ paths, changed, selected, onSelect }: FileTreeProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const rows = visibleRows(fileRows(paths), closed);
  const focusable = [focused, selected].find((path) => rows.some((row) => row.path === path)) ?? rows[0]?.path;
  const activate = ({ path, isFile }: FileRow) => {
    if (isFile) onSelect(path);
    else
      setClosed(
        closed.has(path) ? new Set([...closed].filter((folder) => folder !== path)) : new Set(closed).add(path),
      );
  };
  return (
    <div className="tree" role="tree" aria-label="Files" onKeyDown={moveFocus}>
      {rows.map((row) => (
        <button
          type="button"
          key={row.path}
          role="treeitem"
          aria-level={row.depth + 1}
          aria-selected={row.path === selected}
          aria-expanded={row.isFile ? undefined : !closed.has(row.path)}
          tabIndex={row.path === focusable ? 0 : -1}
          className={`tree-row ${row.isFile ? '' : 'tree-folder'}`}
          style={{ paddingInlineStart: `${row.depth * 14 + 14}px` }}
          onFocus={() => setFocused(row.path)}
          onClick={() => activate(row)}
        >
          <Icon name={row.isFile ? 'file' : 'chevron'} size={14} />
          <span className="ellipsis">{row.name}</span>
          {changed.has(row.path) && <span className="tag">changed</span>}
        </button>
      ))}
    </div>
  );
}
