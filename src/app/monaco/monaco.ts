/** The editor with only what is shown here: read-only code and diffs in a few languages. */
import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/features/codeEditor/register.js';
import 'monaco-editor/features/diffEditor/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/folding/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/languages/definitions/javascript/register.js';
import 'monaco-editor/languages/definitions/typescript/register.js';
import 'monaco-editor/languages/definitions/css/register.js';
import 'monaco-editor/languages/definitions/html/register.js';
import 'monaco-editor/languages/definitions/markdown/register.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

const LANGUAGES: Readonly<Record<string, string>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  json: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescript',
  css: 'css',
  html: 'html',
  md: 'markdown',
};

export function languageOf(path: string): string {
  return LANGUAGES[path.split('.').at(-1) ?? ''] ?? 'plaintext';
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Comments in Monaco's own colours are too faint on removed lines, and on our dark ground (WCAG 2.2, 1.4.3). */
function defineThemes(): void {
  monaco.editor.defineTheme('fixpoint-light', {
    base: 'vs',
    inherit: true,
    rules: [{ token: 'comment', foreground: '006400' }],
    colors: { 'editor.background': '#ffffff' },
  });
  monaco.editor.defineTheme('fixpoint-dark', {
    base: 'vs-dark',
    inherit: true,
    rules: [{ token: 'comment', foreground: '7fae6c' }],
    colors: { 'editor.background': '#17191e' },
  });
}

const applyTheme = () => monaco.editor.setTheme(isDark() ? 'fixpoint-dark' : 'fixpoint-light');
defineThemes();
applyTheme();
new MutationObserver(applyTheme).observe(document.documentElement, { attributeFilter: ['data-theme'] });
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);

export const OPTIONS = {
  readOnly: true,
  domReadOnly: true,
  automaticLayout: true,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  renderFinalNewline: 'off',
  fontSize: 12.5,
  lineHeight: 19,
  lineNumbersMinChars: 3,
  renderLineHighlight: 'none',
  stickyScroll: { enabled: false },
  padding: { top: 8, bottom: 8 },
  overviewRulerLanes: 0,
} as const satisfies monaco.editor.IEditorOptions & { automaticLayout: boolean };

export { monaco };
