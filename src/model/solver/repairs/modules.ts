import type { Evidence } from '../evidence.ts';
import { child, childrenOf, isFunction, nameOf, type Source, walk } from '../source.ts';
import type { Repair } from './repair.ts';

/** Functions taken for one another's mirror image: where one is missing, the other's body with these words changed is a well-founded guess. */
const MIRRORS: readonly (readonly [string, string])[] = [
  ['max', 'min'],
  ['Max', 'Min'],
  ['first', 'last'],
  ['add', 'subtract'],
  ['Upper', 'Lower'],
  ['isEven', 'isOdd'],
  ['some', 'every'],
  ['Left', 'Right'],
  ['left', 'right'],
  ['ceil', 'floor'],
  ['start', 'end'],
  ['Start', 'End'],
  ['largest', 'smallest'],
  ['oldest', 'newest'],
  ['longest', 'shortest'],
  ['highest', 'lowest'],
];
const MIRRORED_CODE: readonly (readonly [RegExp, string, string])[] = [[/<=?|>=?(?!\s*[{(])/g, '<', '>']];

/** Exports that tests ask for and the module lacks: forgotten, or the mirror image of a sibling. */
export function repairModule(source: Source, evidence: Evidence): Repair[] {
  const wanted = [
    ...evidence.messages.matchAll(
      /(?:named '|\b(?:TypeError: )?(?:\w+\.)?)(\w+)(?:' |\)? is not a (?:function|constructor))/g,
    ),
  ].map(([, name]) => name ?? '');
  return [...new Set(wanted)].filter((name) => name.length > 1).flatMap((name) => exportMissing(source, name));
}

function exportMissing(source: Source, name: string): Repair[] {
  const { text } = source;
  const isCommonJs = /\bmodule\.exports\b|\bexports\.\w/.test(text);
  const exported = isCommonJs
    ? new RegExp(`exports\\.${name}\\b|exports\\s*=\\s*\\{[^}]*\\b${name}\\b`).test(text)
    : new RegExp(
        `export\\s+(?:async\\s+)?(?:function\\*?|const|let|class)\\s+${name}\\b|export\\s*\\{[^}]*\\b${name}\\b`,
      ).test(text);
  if (exported) return [];
  const addition = isCommonJs ? `\nmodule.exports.${name} = ${name};` : `\nexport { ${name} };`;
  const end = { start: text.length, end: text.length };
  if (new RegExp(`(?:function\\*?|const|let|class)\\s+${name}\\b`).test(text))
    return [{ ...end, text: addition, weight: 40, label: `${name} is exported` }];
  const mirrored = mirrorOf(source, name);
  return mirrored.map((body) => ({
    ...end,
    text: `\n${body}\n${/^export/.test(body) ? '' : addition}`,
    weight: 20,
    label: `${name} is added after its counterpart`,
  }));
}

function mirrorOf(source: Source, name: string): string[] {
  const found: string[] = [];
  for (const [a, b] of MIRRORS.flatMap(
    ([x, y]) =>
      [
        [x, y],
        [y, x],
      ] as const,
  )) {
    if (!name.includes(a)) continue;
    const sibling = name.replace(a, b);
    walk(source.program, ({ node, parent }) => {
      if (!isFunction(node) || nameOf(child(node, 'id')) !== sibling || childrenOf(node, 'params').length === 0) return;
      const whole = parent?.type === 'ExportNamedDeclaration' ? parent : node;
      const text = source.text.slice(whole.start, whole.end).replaceAll(b, a);
      const flip = (code: string) =>
        MIRRORED_CODE.reduce((result, [pattern]) => result.replace(pattern, (operator) => flipped(operator)), code);
      found.push(text, flip(text));
    });
  }
  return [...new Set(found)];
}

function flipped(operator: string): string {
  return operator.startsWith('<') ? operator.replace('<', '>') : operator.replace('>', '<');
}
