import type { FileChange } from '../../session/files.ts';

interface ChangedFilesProps {
  readonly changes: readonly FileChange[];
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

export function ChangedFiles({ changes, selected, onSelect }: ChangedFilesProps) {
  return (
    <ul className="changed-files" aria-label="Changed files">
      {changes.map(({ path, content }) => (
        <li key={path}>
          <button
            type="button"
            className="chip"
            aria-current={path === selected ? 'true' : undefined}
            onClick={() => onSelect(path)}
          >
            {path}
            {content === null && ' (removed)'}
          </button>
        </li>
      ))}
    </ul>
  );
}
