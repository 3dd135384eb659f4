import { useEffect, useRef } from 'react';
import { languageOf, monaco, OPTIONS } from './monaco.ts';

interface DiffEditorProps {
  readonly path: string;
  readonly original: string;
  readonly modified: string;
}

/** Two versions of a file, read-only; side by side where there is room. */
export function DiffEditor({ path, original, modified }: DiffEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneDiffEditor | null>(null);
  useEffect(() => {
    if (!host.current) return;
    const created = monaco.editor.createDiffEditor(host.current, {
      ...OPTIONS,
      originalEditable: false,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 760,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true },
      renderMarginRevertIcon: false,
    });
    editor.current = created;
    return () => {
      editor.current = null;
      created.dispose();
    };
  }, []);
  useEffect(() => {
    const language = languageOf(path);
    const models = {
      original: monaco.editor.createModel(original, language),
      modified: monaco.editor.createModel(modified, language),
    };
    const shown = editor.current;
    shown?.setModel(models);
    shown?.getOriginalEditor().updateOptions({ ariaLabel: `${path} before` });
    shown?.getModifiedEditor().updateOptions({ ariaLabel: `${path} after` });
    return () => {
      // Null when the editor went first.
      editor.current?.setModel(null);
      models.original.dispose();
      models.modified.dispose();
    };
  }, [path, original, modified]);
  return <div ref={host} className="editor" />;
}
