/** A line that is a path and nothing more, whatever a model puts around it: "**src/a.js**", "### `src/a.js`", "File: src/a.js". Only a `known` one may have blanks. */
export function readPathLine(line: string, known: ReadonlySet<string> = new Set()): string | null {
  const text = line
    .trim()
    .replace(/^(#+|\/\/|[-*]|\d+\.)\s+/, '')
    .replace(/^(?:\*\*)?(?:file|path|filename)(?:\*\*)?\s*:\s*(?:\*\*)?/i, '')
    .replace(/:$/, '')
    .replace(/^[`*"']+|[`*"']+$/g, '')
    .replace(/:$/, '')
    .trim();
  if (known.has(text)) return text;
  const isPath =
    /^[^\s:*?"<>|`]+$/.test(text) && (/[/.\\]/.test(text) || /^[A-Z]\w+$/.test(text)) && !/^[./\\]+$/.test(text);
  return isPath ? text : null;
}

/** The path in a fence's own line: "```js src/a.js", "```js:src/a.js", "```src/a.js". */
export function readFencePath(line: string): string | null {
  const info = /^\s{0,3}(?:`{3,}|~{3,})\s*(.*)$/.exec(line)?.[1] ?? '';
  const path = /(?:^|[\s:=])"?([^\s:="]+[/.][^\s:="]+|\.[\w-]{4,})"?$/.exec(info.trim())?.[1];
  return path ?? null;
}
