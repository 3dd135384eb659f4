import type { Declaration, DeclarationKind } from './declaration.ts';

const WORD = String.raw`([\w$]+)`;
/** What lines of code that declare something look like; the name is the first group. */
const PATTERNS: readonly (readonly [DeclarationKind, RegExp])[] = [
  [
    'function',
    new RegExp(String.raw`^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*${WORD}`),
  ],
  ['class', new RegExp(String.raw`^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?class\s+${WORD}`)],
  [
    'type',
    new RegExp(String.raw`^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?(?:interface|enum|namespace|type)\s+${WORD}`),
  ],
  [
    'function',
    new RegExp(
      String.raw`^\s*(?:export\s+)?(?:const|let|var)\s+${WORD}\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\(.*(?:=>|\($)|[\w$]+\s*=>)`,
    ),
  ],
  [
    'function',
    new RegExp(
      String.raw`^\s*(?:module\.)?(?:exports|[\w$]+(?:\.prototype)?)\.${WORD}\s*=\s*(?:async\s*)?(?:function\b|\(.*=>|[\w$]+\s*=>)`,
    ),
  ],
  ['variable', new RegExp(String.raw`^(?:export\s+)?(?:const|let|var)\s+${WORD}`)],
  [
    'method',
    /^\s+(?:(?:static|async|get|set|public|private|protected|override|readonly)\s+|\*\s*)*(?!(?:if|for|while|switch|catch|return|function|with)\b)(#?[\w$]+)\s*\([^;]*\)\s*(?::[^{;]+)?\{\s*$/,
  ],
];

/** What a file that does not parse declares, as far as its lines tell: the end of each is the line that closes its indentation. */
export function declarationsByPattern(text: string): Declaration[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index): Declaration[] => {
    if (line.length > 500) return [];
    for (const [kind, pattern] of PATTERNS) {
      const name = pattern.exec(line)?.[1];
      if (name === undefined) continue;
      const signature = line
        .trim()
        .replace(/\s*(?:=>)?\s*\{?$/, '')
        .slice(0, 160);
      const exported = /^\s*(?:export\b|(?:module\.)?exports\.)/.test(line);
      const to = blockEnd(lines, index) + 1;
      return [{ name, owner: null, kind, from: index + 1, to, signature, exported, depth: 0, within: 0 }];
    }
    return [];
  });
}

function blockEnd(lines: readonly string[], start: number): number {
  const indent = (line: string) => line.length - line.trimStart().length;
  const own = indent(lines[start] ?? '');
  if (!/[{([]\s*$/.test(lines[start] ?? '')) return start;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() !== '' && indent(line) <= own) return /^\s*[})\]]/.test(line) ? at : at - 1;
  }
  return lines.length - 1;
}
