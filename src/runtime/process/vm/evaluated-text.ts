/**
 * Text that a program compiles itself, with `eval` or `new Function`: `import()` in it would be the browser's, and its `await`
 * would lose the async context. Sources hand over what they give to `eval` (see `../modules/transform/eval-calls.ts`); the constructors of functions
 * are replaced.
 */
import type { ProcessCore } from '../core.ts';
import { setInjected } from '../modules/transform/injected-globals.ts';
import { EVALUATED_TEXT } from '../modules/transform/injected-names.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { mayNeedTransform, transformScript } from '../modules/transform/transform-script.ts';

/** The expression that stands for `import` in code of this referrer and file. */
export type Importer = (referrer: symbol, file: string | undefined) => string;

type Transform = (text: string) => string;

export function installEvaluatedText(core: ProcessCore, importer: Importer): void {
  const referrer = core.perIsolateSymbols['vm_dynamic_import_default_internal'] as symbol;
  const transform: Transform = (text) => {
    if (!mayNeedTransform(text)) return text;
    // Its import() is relative to the file that compiles it.
    const file = core.callSites.current(1)[0]?.getScriptNameOrSourceURL() ?? undefined;
    const kind = { isFunctionBody: false, importer: importer(referrer, file) };
    return transformScript(text, kind, parserOf(core))?.code ?? text;
  };
  setInjected(core.host, EVALUATED_TEXT, (text: unknown) => (typeof text === 'string' ? transform(text) : text));
  for (const { keyword, sample } of SAMPLES) {
    replaceConstructor(core, Object.getPrototypeOf(sample) as object, (body) =>
      transformBody(body, keyword, transform),
    );
  }
  const { Function: original } = core.global;
  const value = Reflect.get(original.prototype, 'constructor') as FunctionConstructor;
  Object.defineProperty(core.global, 'Function', { value, writable: true, enumerable: false, configurable: true });
}

/** One function of each kind: their prototypes hold the constructors. */
const SAMPLES: readonly { keyword: string; sample: object }[] = [
  { keyword: 'function', sample: () => undefined },
  { keyword: 'async function', sample: async () => undefined },
  {
    keyword: 'function*',
    sample: function* () {
      yield;
    },
  },
  {
    keyword: 'async function*',
    sample: async function* () {
      yield;
    },
  },
];

/** What `await` means in the body depends on the kind of the function. */
function transformBody(body: string, keyword: string, transform: Transform): string {
  const [start, end] = [`(${keyword} anonymous(){`, '\n})'];
  const result = transform(start + body + end);
  return result.slice(start.length, -end.length);
}

function replaceConstructor({ host }: ProcessCore, prototype: object, transform: Transform): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(prototype, 'constructor');
  const original = descriptor?.value as FunctionConstructor;
  const given = (parameters: readonly unknown[]): unknown[] => {
    const texts = parameters.map(String);
    const body = texts.pop();
    return body === undefined ? texts : [...texts, mayNeedTransform(body) ? transform(body) : body];
  };
  const value: FunctionConstructor = new host.Proxy(original, {
    apply: (target, receiver, parameters) => Reflect.apply(target, receiver, given(parameters)),
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, given(parameters), newTarget === value ? target : newTarget),
  });
  Object.defineProperty(prototype, 'constructor', { ...descriptor, value });
}
