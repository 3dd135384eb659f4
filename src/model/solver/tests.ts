import type { TestReport } from './report.ts';
import { type AnyNode, child, childrenOf, isFunction, nameOf, namesIn, type Source, walk } from './source.ts';

/** A test as it stands in a test file. */
export interface TestCase {
  readonly title: string;
  readonly source: Source;
  readonly node: AnyNode;
  readonly failing: boolean;
  readonly mentions: ReadonlySet<string>;
}

const TEST_NAMES = new Set(['test', 'it', 'specify']);

/** The tests of these files. A file of which no failing test is found by name counts as failing as a whole when it is named in the report. */
export function findTests(sources: readonly Source[], report: TestReport): TestCase[] {
  const failing = new Set(report.failures.map(({ title }) => title));
  return sources.flatMap((source) => {
    const cases: TestCase[] = [];
    walk(source.program, ({ node }) => {
      const title = titleOf(node);
      if (title !== null)
        cases.push({ title, source, node, failing: failing.has(title), mentions: mentionsOf(source, node) });
    });
    const isBroken = report.failures.some(({ title }) => title.endsWith(source.path) || source.path.endsWith(title));
    const anyKnown = cases.some((test) => test.failing);
    const isNamed = isBroken || report.output.includes(source.path);
    if (isBroken || cases.length === 0 || (!anyKnown && isNamed && !report.counted)) {
      const whole = {
        title: source.path,
        source,
        node: source.program,
        failing: true,
        mentions: namesIn(source.program),
      };
      return [whole, ...cases];
    }
    return cases;
  });
}

function titleOf(node: AnyNode): string | null {
  if (node.type !== 'CallExpression') return null;
  const callee = child(node, 'callee');
  const [first, ...rest] = childrenOf(node, 'arguments');
  const name = callee?.type === 'MemberExpression' ? (nameOf(callee) ?? '') : (nameOf(callee) ?? '');
  const owner = callee?.type === 'MemberExpression' ? (nameOf(child(callee, 'object')) ?? '') : '';
  if (!first || !(TEST_NAMES.has(name) || TEST_NAMES.has(owner)) || !rest.some(isFunction)) return null;
  if (first.type === 'TemplateLiteral') return childrenOf(first, 'quasis').length === 1 ? plainTemplate(first) : null;
  return nameOf(first);
}

function plainTemplate(node: AnyNode): string | null {
  const [quasi] = childrenOf(node, 'quasis');
  const value: unknown = quasi?.value;
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : null;
}

/** The names in a test, and in the helpers of its file that it uses. */
function mentionsOf(source: Source, node: AnyNode): Set<string> {
  const names = namesIn(node);
  for (const helper of childrenOf(source.program, 'body')) {
    if (helper.type !== 'FunctionDeclaration' && helper.type !== 'VariableDeclaration') continue;
    const declared =
      helper.type === 'FunctionDeclaration'
        ? [nameOf(child(helper, 'id'))]
        : childrenOf(helper, 'declarations').map((declarator) => nameOf(child(declarator, 'id')));
    if (declared.some((name) => name !== null && names.has(name))) for (const name of namesIn(helper)) names.add(name);
  }
  return names;
}
