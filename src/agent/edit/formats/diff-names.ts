/** The file names of a diff's headers. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', a: '\u0007' };

/** `"a/\303\244.js"` -> `a/ä.js`; `a.js<tab>2020-01-01` -> `a.js`. */
export function readName(written: string): string {
  const text = written.replace(/\r$/, '');
  if (text.startsWith('"')) return unquote(text.slice(1, text.lastIndexOf('"')));
  return text.split('\t')[0]?.trim() ?? '';
}

/** Git quotes the bytes of a name as C does. */
function unquote(text: string): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const part of text.match(/\\[0-7]{3}|\\.|[^\\]+/g) ?? []) {
    if (/^\\[0-7]{3}$/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8));
    else bytes.push(...encoder.encode(part.startsWith('\\') ? (ESCAPES[part.slice(1)] ?? part.slice(1)) : part));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** The two names of "diff --git a/x b/x", where they can be told apart. */
export function readGitNames(rest: string): { oldName: string; newName: string } | null {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)\r?$/.exec(rest);
  if (quoted?.[1] !== undefined && quoted[2] !== undefined)
    return { oldName: readName(quoted[1]), newName: readName(quoted[2]) };
  // Names with blanks: both are the same but for their prefix.
  const same = /^a\/(.+) b\/\1\r?$/.exec(rest);
  if (same?.[1] !== undefined) return { oldName: `a/${same[1]}`, newName: `b/${same[1]}` };
  const bare = /^(.+) \1\r?$/.exec(rest)?.[1];
  return bare === undefined ? null : { oldName: bare, newName: bare };
}
