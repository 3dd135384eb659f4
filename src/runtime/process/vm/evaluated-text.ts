/**
 * Text that a program compiles itself, with `eval` or `new Function`: `import()` in it would be the browser's, and its `await`
 * would lose the async context. Sources hand over what they give to `eval` (see `../modules/transform/eval-calls.ts`); the constructors of functions
 * are replaced.
 */
import type { ProcessCore } from '../core.ts';
import { describeOrigin, nameBody, nameText } from '../failures/eval-origin.ts';
import { setInjected } from '../modules/transform/injected-globals.ts';
import { EVALUATED_TEXT } from '../modules/transform/injected-names.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { mayNeedTransform, transformScript } from '../modules/transform/transform-script.ts';

/** The expression that stands for `import` in code of this referrer and file. */
export type Importer = (referrer: symbol, file: string | undefined) => string;

type Transform = (text: string) => string;
/** Finds the origin of what is compiled now, see `../failures/eval-origin.ts`. */
type Origin = () => string;

/** A call of `eval` in a source, and what it was given last: a loop gives the same again. */
interface Place {
  origin?: string;
  text?: string;
  code?: string;
}

export function installEvaluatedText(core: ProcessCore, importer: Importer): void {
  const referrer = core.perIsolateSymbols['vm_dynamic_import_default_internal'] as symbol;
  const prepare = (text: string) => {
    if (!mayNeedTransform(text)) return null;
    // Its import() is relative to the file that compiles it.
    const file = core.callSites.current(1)[0]?.getScriptNameOrSourceURL() ?? undefined;
    const kind = { isFunctionBody: false, importer: importer(referrer, file) };
    return transformScript(text, kind, parserOf(core));
  };
  const transform: Transform = (text) => prepare(text)?.code ?? text;
  const origin: Origin = () => core.callSites.describeCurrent(describeOrigin);
  const places = new WeakMap<object, Place>();
  setInjected(core.host, EVALUATED_TEXT, (text: unknown, template?: object) => {
    if (typeof text !== 'string') return text;
    const place: Place = (template && places.get(template)) ?? {};
    if (place.code === undefined || place.text !== text) {
      const prepared = prepare(text);
      const named = nameText(prepared?.code ?? text, () => (place.origin ??= origin()));
      if (named.name !== undefined) core.sourceRegistry.register(named.name, text, prepared ?? undefined);
      Object.assign(place, { text, code: named.text });
      if (template) places.set(template, place);
    }
    return place.code;
  });
  for (const { keyword, sample } of SAMPLES) {
    replaceConstructor(core, Object.getPrototypeOf(sample) as object, {
      transform: (body) => transformBody(body, keyword, transform),
      origin,
    });
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

function replaceConstructor(
  { host, sourceRegistry }: ProcessCore,
  prototype: object,
  { transform, origin }: { transform: Transform; origin: Origin },
): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(prototype, 'constructor');
  const original = descriptor?.value as FunctionConstructor;
  const given = (parameters: readonly unknown[]): unknown[] => {
    const texts = parameters.map(String);
    const body = texts.pop();
    if (body === undefined) return texts;
    const named = nameBody(mayNeedTransform(body) ? transform(body) : body, origin);
    if (named.name !== undefined) {
      sourceRegistry.register(named.name, `(function anonymous(${texts.join(',')}\n) {\n${body}\n})`);
    }
    return [...texts, named.text];
  };
  const value: FunctionConstructor = new host.Proxy(original, {
    apply: (target, receiver, parameters) => Reflect.apply(target, receiver, given(parameters)),
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, given(parameters), newTarget === value ? target : newTarget),
  });
  Object.defineProperty(prototype, 'constructor', { ...descriptor, value });
}
