/** What single expressions do that a person should know of. */
import { below, child, children, nameOf, type SyntaxNode } from '../../code/syntax.ts';
import { isSecretPath } from '../paths.ts';
import type { Found, ScanContext } from './code-finding.ts';
import { decodeText } from './code-values.ts';
import { mentions, sniffs } from './sniffing.ts';

const RUNNERS = '(?:assert(?:/strict)?|node:test|mocha|chai|vitest|jest|@jest/\\w+|@vitest/\\w+)';
const RUNNER_PART = new RegExp(`^${RUNNERS}\\.`);
const RUNNER_GLOBAL = /^(?:it|describe|expect|assert|beforeEach|afterEach|beforeAll|afterAll|jest|vi|suite)$/;
const BUILT_IN =
  /^(?:Array|Object|String|Number|Boolean|Function|Map|Set|WeakMap|Promise|Error|AssertionError|Symbol|RegExp|Date|JSON|Math|Reflect)(?:\.prototype)?\./;
const LOADER =
  /^(?:module|Module|node:module)\.(?:_load|_resolveFilename|_extensions|_compile|_cache|prototype)|^require\.(?:cache|extensions)|^module\.(?:register|registerHooks)$/;
/** Without which nothing runs as it should, and what test runners are built on. */
const GLOBAL =
  /^(?:process|console|Error|Object|Array|Promise|Map|Set|Function|String|setTimeout|setInterval|setImmediate|queueMicrotask)$|^(?:events|stream)(?:\.\w+)?\.prototype\.\w+$/;
const SNIFFED =
  /^process\.env\.(?:npm_lifecycle_\w+|npm_command|NODE_TEST_CONTEXT|JEST_WORKER_ID|VITEST\w*|MOCHA\w*|AVA_PATH|TAP\w*|NODE_V8_COVERAGE)$/;
const NETWORK =
  /^(?:fetch|WebSocket|EventSource|XMLHttpRequest|https?\.(?:get|request)|net\.(?:connect|createConnection|Socket)|tls\.connect|dgram\.createSocket|dns\.\w+|http2\.connect|undici\.\w+|axios(?:\.\w+)?|got(?:\.\w+)?)$/;
const PROGRAM = /^child_process\.(exec|execSync|execFile|execFileSync|spawn|spawnSync|fork)$/;
const WRITES =
  /^fs\.(?:writeFile|appendFile|createWriteStream|rm|rmdir|unlink|rename|cp|copyFile|symlink|link|truncate|chmod|mkdir|open)(?:Sync)?$/;
const READS = /^fs\.(?:readFile|createReadStream|open|copyFile|cp|rename|symlink|link|readv?|openAsBlob)(?:Sync)?$/;
const ENDS = /^process\.(?:exit|reallyExit|abort)$/;
const LOCAL = /^(?:https?|wss?):\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/;

export function judgeCall(node: SyntaxNode, context: ScanContext): readonly Found[] {
  const { values, atExit, path, refuseWrite } = context;
  const args = children(node, 'arguments');
  if (node.type === 'ImportExpression') {
    const loaded = values.pathOf(node);
    const isLost = !context.awaited && loaded === 'child_process';
    return isLost ? [{ kind: 'program', risk: 'starts programs' }] : judgeLoad(child(node, 'source'), context);
  }
  const callee = child(node, 'callee');
  const lent = borrowed(node, values);
  if (lent !== null) return judgeCall(lent, context);
  if (sniffs(node, values) && !isProgram(path)) return [{ kind: 'tamper', risk: 'looks whether it is being tested' }];
  const ended = judgeHandedOn(node, context);
  if (ended.length > 0) return ended;
  const evaluated = judgeEvaluation(node, context);
  if (evaluated !== null) return evaluated;
  const name = values.pathOf(callee);
  if (name === null) return [];
  const text = (index: number) => values.textOf(args[index] ?? null);
  if (name === 'require' || name === 'process.getBuiltinModule' || name === 'module.require')
    return judgeLoad(args[0] ?? null, context);
  if (
    name === 'process.reallyExit' ||
    name === 'process.abort' ||
    name === 'process.binding' ||
    name === 'process.execve' ||
    name === 'process.dlopen'
  )
    return [{ kind: 'tamper', risk: `calls ${name}, past what ends a program in order` }];
  if (name === 'process.exit') return [exitWith(args[0] ? text(0) : '0', context)];
  if (name === 'process.*') return [{ kind: 'tamper', risk: 'calls a function of process by a computed name' }];
  const defined = /^(.+)\.__define[GS]etter__$/.exec(name)?.[1];
  if (defined !== undefined) return judgeWrite(`${defined}.${text(0) ?? '*'}`);
  if (name === 'process.kill' && args[0] && mentions(args[0], values, /^process\.p?pid$/))
    return [{ kind: 'tamper', risk: 'kills the process that judges it' }];
  if (/^(?:Object|Reflect)\.(?:defineProperty|defineProperties|assign|setPrototypeOf|set)$/.test(name))
    return judgeDefinition(args, context);
  if (
    /^(?:node:test\.)?mock\.(?:module|method)$/.test(name) ||
    /^(?:jest|vi)\.(?:mock|spyOn|setMock|doMock)$/.test(name)
  )
    return [{ kind: 'tamper', risk: "uses the test runner's mocks outside of tests" }];
  if (LOADER.test(name)) return [{ kind: 'tamper', risk: 'changes how modules are loaded' }];
  if (name === 'process.removeAllListeners' || (atExit && name === 'process.on'))
    return [{ kind: 'tamper', risk: "removes what listens to the process's end" }];
  if (NETWORK.test(name)) return LOCAL.test(text(0) ?? '') ? [] : [{ kind: 'network', risk: 'uses the network' }];
  if (PROGRAM.test(name)) return [judgeProgram(name, args, context)];
  if (name.startsWith('child_process.')) return [{ kind: 'program', risk: 'starts programs' }];
  const found: Found[] = [];
  const named = [text(0), /(?:rename|cp|copyFile|symlink|link)/.test(name) ? text(1) : null].filter(
    (each) => each !== null,
  );
  const first = args[0] ?? null;
  const isSecret = named.some(isSecretPath) || (first !== null && text(0) === null && namesSecret(first));
  if (READS.test(name) && isSecret) found.push({ kind: 'secret', risk: 'reads a file with secrets' });
  const target = WRITES.test(name)
    ? named.find((each) => refuseWrite(each) !== null || /(^|\/)package\.json$/i.test(each))
    : undefined;
  if (target !== undefined && !(name.startsWith('fs.open') && /^r?$/.test(text(1) ?? 'r')))
    found.push({ kind: 'protected', risk: `writes ${target}${path === target ? ' (itself)' : ''}` });
  return found;
}

/** `f.call(x, a)`, `f.apply(x, [a])`, `Reflect.apply(f, x, [a])` as `f(a)`; null for other calls. */
function borrowed(node: SyntaxNode, values: ScanContext['values']): SyntaxNode | null {
  const callee = child(node, 'callee');
  const args = children(node, 'arguments');
  const isReflected = values.pathOf(callee) === 'Reflect.apply';
  const how = isReflected ? 'apply' : nameOf(child(callee, 'property'));
  const lent = isReflected ? (args[0] ?? null) : child(callee, 'object');
  const name = values.pathOf(lent);
  if (name === null || !/^(?:call|apply)$/.test(how ?? '') || ENDS.test(name)) return null;
  const given = args.slice(isReflected ? 2 : 1);
  const list = how === 'apply' ? children(given[0] ?? null, 'elements') : given;
  return { type: 'CallExpression', start: node.start, end: node.end, callee: lent, arguments: list };
}

/** `process.exit.call(process, 0)`, `[0].forEach(process.exit)`: what ends the process, handed on to be called. */
function judgeHandedOn(node: SyntaxNode, context: ScanContext): readonly Found[] {
  const { values } = context;
  const args = children(node, 'arguments');
  const called = values.pathOf(child(node, 'callee')) ?? '';
  const borrowed = /^(.+)\.(?:call|apply|bind)$/.exec(called)?.[1] ?? '';
  if (ENDS.test(borrowed)) {
    const [, code] = args;
    const first = code?.type === 'ArrayExpression' ? (children(code, 'elements')[0] ?? null) : (code ?? null);
    return [
      borrowed === 'process.exit'
        ? exitWith(first ? values.textOf(first) : '0', context)
        : { kind: 'tamper', risk: `calls ${borrowed}` },
    ];
  }
  // For signals and rejections Node itself gives the code.
  if (/^process\.(?:on|once|addListener)$/.test(called) || /(?:^|\.)catch$/.test(called)) return [];
  return args.some((arg) => ENDS.test(values.pathOf(arg) ?? '')) ? [exitWith('0', context)] : [];
}

const DECODES = /^(?:atob|unescape|decodeURI(?:Component)?|String\.from(?:CharCode|CodePoint)|Buffer\.from)$/;

/** Text that is evaluated as code: what it says where that is known, what hides it where it is not. Null for every other call. */
function judgeEvaluation(node: SyntaxNode, context: ScanContext): readonly Found[] | null {
  const { values } = context;
  const source = evaluatedBy(node, values);
  if (source === undefined) return null;
  const found: Found = { kind: 'evaluates', risk: 'evaluates text as code' };
  const text = values.textOf(source);
  const hidden: readonly Found[] =
    source && decodes(source, values)
      ? [{ kind: 'tamper', risk: 'evaluates text that it decodes, so that nobody can read it' }]
      : [];
  if (text === null || hidden.length > 0) return [found, ...hidden, ...(text === null ? [] : context.scanText(text))];
  // What it says is read like the rest.
  return [{ ...found, kind: 'note' }, ...context.scanText(text)];
}

/** The text; null where it is not to be seen; undefined: nothing is evaluated. */
function evaluatedBy(node: SyntaxNode, values: ScanContext['values']): SyntaxNode | null | undefined {
  const callee = child(node, 'callee');
  const args = children(node, 'arguments');
  const name = (values.pathOf(callee) ?? '').replace(/\.(?:call|apply|bind)$/, '');
  const borrows = name !== (values.pathOf(callee) ?? '');
  if (name === 'eval' || /^vm\.(?:run|Script|SourceTextModule|compile)/.test(name))
    return args[borrows ? 1 : 0] ?? null;
  if (name === 'Function' || /constructor\.constructor$/.test(name)) return args.at(-1) ?? null;
  if (name === 'Reflect.construct' && values.pathOf(args[0] ?? null) === 'Function') return null;
  if (/^(?:setTimeout|setInterval|setImmediate)$/.test(name)) {
    const isText =
      args[0]?.type === 'Literal' || args[0]?.type === 'TemplateLiteral' || args[0]?.type === 'BinaryExpression';
    return isText ? args[0] : undefined;
  }
  if (/(?:^|\.)Worker$/.test(name) && args[1]?.type === 'ObjectExpression') {
    const asText = children(args[1], 'properties').some((each) => nameOf(child(each, 'key')) === 'eval');
    return asText ? args[0] : undefined;
  }
  // `(() => {}).constructor('…')` is Function; `this.constructor(…)` is a class.
  const property = callee?.type === 'MemberExpression' ? child(callee, 'property') : null;
  const key = callee?.computed ? values.textOf(property) : nameOf(property);
  const object = child(callee, 'object');
  const isFunctions =
    /Function/.test(object?.type ?? '') ||
    (object?.type === 'MemberExpression' && nameOf(child(object, 'property')) === 'constructor');
  if (key === 'constructor' && node.type === 'CallExpression' && isFunctions) return args.at(-1) ?? null;
  return undefined;
}

function decodes(node: SyntaxNode, values: ScanContext['values']): boolean {
  const isDecoding =
    node.type === 'CallExpression' &&
    DECODES.test(values.pathOf(child(node, 'callee')) ?? '') &&
    // Without an encoding it is plain text.
    (values.pathOf(child(node, 'callee')) !== 'Buffer.from' || children(node, 'arguments').length > 1);
  return isDecoding || [...below(node)].some((each) => decodes(each, values));
}

/** `homedir() + '/.ssh/id_rsa'`: where it lies is not known, its name is. */
const namesSecret = (node: SyntaxNode): boolean =>
  (node.type === 'Literal' && typeof node.value === 'string' && isSecretPath(node.value)) ||
  (/^(?:BinaryExpression|CallExpression|TemplateLiteral)$/.test(node.type) && [...below(node)].some(namesSecret));

/** Code under test that forces the exit code makes any test green; a program's own main file ends as it likes. */
function exitWith(code: string | null, { atExit, path }: ScanContext): Found {
  // A failure stays one.
  if (atExit && !/^[1-9]\d{0,2}$/.test(code ?? ''))
    return { kind: 'tamper', risk: 'forces the exit code when the process ends' };
  return code === '0' && !isProgram(path)
    ? { kind: 'tamper', risk: 'forces the exit code' }
    : { kind: 'exit', risk: 'ends the process' };
}

const isProgram = (path: string) =>
  /(^|\/)(?:bin|cli|cmd|scripts?|tools)\/|(^|\/)(?:cli|main|bin|server|app|start|run)\.[cm]?[jt]s$/i.test(path);

function judgeLoad(source: SyntaxNode | null, context: ScanContext): readonly Found[] {
  const { values } = context;
  const name = values.textOf(source);
  if (name?.startsWith('data:')) return judgeData(name, context);
  if (source === null || name !== null)
    return name !== null && isSecretPath(name) ? [{ kind: 'secret', risk: 'reads a file with secrets' }] : [];
  return [{ kind: 'evaluates', risk: 'loads a module by a computed name' }];
}

/** `import('data:text/javascript,…')` */
function judgeData(url: string, { scanText }: ScanContext): readonly Found[] {
  const found: Found = { kind: 'evaluates', risk: 'evaluates text as code' };
  const [, base64, body = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  const text = base64 ? decodeText(body) : decodeText(body, decodeURIComponent);
  return text === null ? [found] : [found, ...scanText(text)];
}

/** Without what only types say. */
const unwrapped = (node: SyntaxNode | undefined): SyntaxNode | undefined =>
  node && /^TS|^ParenthesizedExpression$/.test(node.type) ? (child(node, 'expression') ?? node) : node;

function judgeProgram(name: string, args: readonly SyntaxNode[], { values }: ScanContext): Found {
  const kind = PROGRAM.exec(name)?.[1] ?? '';
  const found: Found = { kind: 'program', risk: `starts a program (${kind})` };
  const first =
    values.textOf(args[0] ?? null) ?? (values.pathOf(args[0] ?? null) === 'process.execPath' ? 'node' : null);
  if (first === null) return found;
  if (kind.startsWith('exec') && !kind.startsWith('execFile')) return { ...found, command: first };
  const given = unwrapped(args[1]);
  const list = given?.type === 'ArrayExpression' ? children(given, 'elements').map((each) => values.textOf(each)) : [];
  if (given && given.type !== 'ArrayExpression' && given.type !== 'ObjectExpression') return found;
  const words = [...(kind === 'fork' ? ['node'] : []), first, ...list];
  return words.includes(null)
    ? found
    : { ...found, command: words.map((word) => `'${(word ?? '').replaceAll("'", "'\\''")}'`).join(' ') };
}

export function judgeAssignment(
  target: SyntaxNode | null,
  value: SyntaxNode | null,
  context: ScanContext,
): readonly Found[] {
  const isOwn = target?.type === 'Identifier' && context.values.isOwn(String(target.name));
  const isEnd =
    context.atExit && target?.type === 'MemberExpression' && nameOf(child(target, 'property')) === 'exitCode';
  const name = target && !isOwn ? context.values.pathOf(target) : null;
  if (name === 'process.exitCode' || isEnd) return [exitWith(value ? context.values.textOf(value) : null, context)];
  if (name === null || (target?.type === 'Identifier' && !GLOBAL.test(name))) return [];
  return judgeWrite(name);
}

/** What is written, by its name. */
function judgeWrite(name: string): readonly Found[] {
  if (RUNNER_PART.test(name) || RUNNER_GLOBAL.test(name))
    return [{ kind: 'tamper', risk: `changes ${name}, which judges the tests` }];
  if (LOADER.test(name)) return [{ kind: 'tamper', risk: 'changes how modules are loaded' }];
  if (BUILT_IN.test(name) || GLOBAL.test(name))
    return [{ kind: 'tamper', risk: `changes ${name} for every program, its judge too` }];
  if (/^process\.(?:exit|reallyExit|emit|on|stdout\.write|stderr\.write|hrtime)$|^console\.\w+$/.test(name))
    return [{ kind: 'tamper', risk: `replaces ${name}` }];
  return [];
}

/** `Object.defineProperty(assert, 'equal', …)` and its like. */
function judgeDefinition(args: readonly SyntaxNode[], context: ScanContext): readonly Found[] {
  const object = context.values.pathOf(args[0] ?? null);
  const key = context.values.textOf(args[1] ?? null) ?? '*';
  if (object === null) return [];
  if (object === 'process' && key === 'exitCode') return [{ kind: 'tamper', risk: 'changes process.exitCode' }];
  const name = object === 'globalThis' || object === 'global' ? key : `${object}.${key}`;
  const changed =
    RUNNER_PART.test(name) ||
    RUNNER_GLOBAL.test(name) ||
    LOADER.test(name) ||
    BUILT_IN.test(name) ||
    GLOBAL.test(name) ||
    /^process\.(?:exit|reallyExit|emit|\*)/.test(name);
  // A plain object is no built-in: `Object.assign(options, …)`.
  return changed && (RUNNER_PART.test(name) || object === 'process' || !/^[a-z]\w*\.\*$/.test(name))
    ? [{ kind: 'tamper', risk: `changes ${name}, which the tests rely on` }]
    : [];
}

/** Code that looks whether it is tested. */
export function judgeMember(node: SyntaxNode, { values }: ScanContext): readonly Found[] {
  if (node.type === 'UnaryExpression') {
    const name = node.operator === 'typeof' ? values.pathOf(child(node, 'argument')) : null;
    return name !== null && RUNNER_GLOBAL.test(name)
      ? [{ kind: 'tamper', risk: 'looks whether it is being tested' }]
      : [];
  }
  const name = node.type === 'MemberExpression' ? values.pathOf(node) : null;
  if (name !== null && SNIFFED.test(name))
    return [{ kind: 'tamper', risk: `looks whether it is being tested (${name})` }];
  return sniffsByPattern(node, values) ? [{ kind: 'tamper', risk: 'looks whether it is being tested' }] : [];
}

/** `const { NODE_TEST_CONTEXT } = process.env` */
function sniffsByPattern(node: SyntaxNode, values: ScanContext['values']): boolean {
  const pattern = child(node, 'id');
  if (
    node.type !== 'VariableDeclarator' ||
    pattern?.type !== 'ObjectPattern' ||
    values.pathOf(child(node, 'init')) !== 'process.env'
  )
    return false;
  return children(pattern, 'properties').some((property) => {
    const key = child(property, 'key');
    return key?.type === 'Identifier' && SNIFFED.test(`process.env.${String(key.name)}`);
  });
}
