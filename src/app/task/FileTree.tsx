import { Icon } from '../icons.tsx';
import { moveFocus } from '../roving.ts';
import { fileRows } from './file-rows.ts';

interface FileTreeProps {
  readonly paths: readonly string[];
  /** Changed by the attempt in view. */
  readonly changed: ReadonlySet<string>;
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

export function FileTree({ paths, changed, selected, onSelect }: FileTreeProps) {
  const rows = fileRows(paths);
  const focusable = rows.find(({ path }) => path === selected)?.path ?? rows.find(({ isFile }) => isFile)?.path;
  return (
    <div className="tree" role="tree" aria-label="Files" onKeyDown={moveFocus}>
      {rows.map(({ path, name, depth, isFile }) =>
        isFile ? (
          <button
            type="button"
            key={path}
            role="treeitem"
            aria-level={depth + 1}
            aria-selected={path === selected}
            tabIndex={path === focusable ? 0 : -1}
            className="tree-row"
            style={{ paddingInlineStart: `${depth * 14 + 10}px` }}
            onClick={() => onSelect(path)}
          >
            <Icon name="file" size={14} />
            <span className="ellipsis">{name}</span>
            {changed.has(path) && <span className="tag">changed</span>}
          </button>
        ) : (
          <div key={path} className="tree-row tree-folder" style={{ paddingInlineStart: `${depth * 14 + 10}px` }}>
            <Icon name="folder" size={14} />
            <span className="ellipsis">{name}</span>
          </div>
        ),
      )}
    </div>
  );
}
