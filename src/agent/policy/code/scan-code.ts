/** Dangerous calls in code, found before it runs. Code can hide what it does from any reader: what it did is looked at as well. */
import { below, child, children, type ParseCode, type SyntaxNode } from '../../code/syntax.ts';
import type { CodeFinding, Found, ScanContext, ScanOptions } from './code-finding.ts';
import { judgeAssignment, judgeCall, judgeMember } from './code-risks.ts';
import { type CodeValues, readValues } from './code-values.ts';
import { judgeEscapes } from './escapes.ts';
import { scanLines } from './scan-lines.ts';

const LONGEST_LINE = 160;
/** Text that is evaluated may evaluate text. */
const DEEPEST = 4;
/** Beyond it, code is scanned by its lines alone. */
const MOST_CHARACTERS = 400_000;

/** All findings, in the order of the lines. */
export function scanCode(text: string, parse: ParseCode, options: ScanOptions): readonly CodeFinding[] {
  const lines = text.split('\n');
  const lineOf = lineFinder(text);
  const show = (line: number) => (lines[line - 1] ?? '').trim().slice(0, LONGEST_LINE);
  const parsed = text.length > MOST_CHARACTERS ? null : parse(text, options.path);
  if (!parsed?.ok) return scanLines(lines).map((found) => ({ ...found, code: show(found.line) }));
  const findings: CodeFinding[] = [];
  const values = readValues(parsed.program, options.path);
  const scanText = (inner: string): readonly CodeFinding[] =>
    (options.depth ?? 0) < DEEPEST ? scanCode(inner, parse, { ...options, depth: (options.depth ?? 0) + 1 }) : [];
  const visit = (node: SyntaxNode, atExit: boolean, awaited: boolean): void => {
    const context: ScanContext = { ...options, values, atExit, awaited, scanText };
    for (const found of [...judgeNode(node, context), ...judgeEscapes(node, values)]) {
      const line = lineOf(node.start);
      findings.push({ ...found, line, code: show(line) });
    }
    const inner = atExit || isExitHandler(node, values);
    for (const each of below(node)) visit(each, inner, node.type === 'AwaitExpression');
  };
  visit(parsed.program, false, false);
  return findings.sort((one, other) => one.line - other.line);
}

/** What is found in the text, but was not in the text before: as often as it was there, it is not new. */
export function findNew(after: readonly CodeFinding[], before: readonly CodeFinding[]): readonly CodeFinding[] {
  const key = ({ kind, risk, code }: CodeFinding) => `${kind}\n${risk}\n${code}`;
  const known = new Map<string, number>();
  for (const finding of before) known.set(key(finding), (known.get(key(finding)) ?? 0) + 1);
  return after.filter((finding) => {
    const left = known.get(key(finding)) ?? 0;
    known.set(key(finding), left - 1);
    return left <= 0;
  });
}

function judgeNode(node: SyntaxNode, context: ScanContext): readonly Found[] {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'ImportExpression':
      return judgeCall(node, context);
    case 'TaggedTemplateExpression':
      return judgeCall({ ...node, callee: child(node, 'tag'), arguments: [] }, context);
    case 'AssignmentExpression':
      return targetsOf(child(node, 'left')).flatMap((target) => judgeAssignment(target, child(node, 'right'), context));
    case 'ForOfStatement':
    case 'ForInStatement':
      return targetsOf(child(node, 'left')).flatMap((target) => judgeAssignment(target, null, context));
    case 'UpdateExpression':
      return judgeAssignment(child(node, 'argument'), null, context);
    case 'UnaryExpression':
      return node.operator === 'delete'
        ? judgeAssignment(child(node, 'argument'), null, context)
        : judgeMember(node, context);
    case 'MemberExpression':
    case 'VariableDeclarator':
      return judgeMember(node, context);
    default:
      return [];
  }
}

/** `[a.b, { c: d.e }] = …` writes a.b and d.e. */
function targetsOf(node: SyntaxNode | null): readonly SyntaxNode[] {
  if (node === null || node.type === 'VariableDeclaration') return [];
  switch (node.type) {
    case 'ArrayPattern':
      return children(node, 'elements').flatMap(targetsOf);
    case 'ObjectPattern':
      return children(node, 'properties').flatMap((each) => targetsOf(child(each, 'value') ?? child(each, 'argument')));
    case 'AssignmentPattern':
      return targetsOf(child(node, 'left'));
    case 'RestElement':
      return targetsOf(child(node, 'argument'));
    default:
      return [node];
  }
}

function isExitHandler(node: SyntaxNode, values: CodeValues): boolean {
  if (node.type !== 'CallExpression') return false;
  const name = values.pathOf(child(node, 'callee'));
  const event = values.textOf(children(node, 'arguments')[0] ?? null);
  return (
    /^process\.(?:on|once|addListener|prependListener|prependOnceListener)$/.test(name ?? '') &&
    /^(?:exit|beforeExit|uncaughtException\w*|unhandledRejection)$/.test(event ?? '')
  );
}

function lineFinder(text: string): (position: number) => number {
  let line = 1;
  let at = 0;
  return (position) => {
    if (position < at) {
      line = 1;
      at = 0;
    }
    for (let next = text.indexOf('\n', at); next >= 0 && next < position; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
}
