import { useEffect, useRef } from 'react';
import { languageOf, monaco, OPTIONS } from './monaco.ts';

/** A file, read-only. */
export function FileEditor({ path, text }: { path: string; text: string }) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  useEffect(() => {
    if (!host.current) return;
    const created = monaco.editor.create(host.current, { ...OPTIONS, model: null });
    editor.current = created;
    return () => created.dispose();
  }, []);
  useEffect(() => {
    const model = monaco.editor.createModel(text, languageOf(path));
    editor.current?.setModel(model);
    editor.current?.updateOptions({ ariaLabel: path });
    return () => model.dispose();
  }, [path, text]);
  return <div ref={host} className="editor" />;
}
