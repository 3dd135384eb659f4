/** The engine's own console, which writes to an inspector and to nowhere else: here nobody looks. */
import { noteFunctionText } from './function-texts.ts';

const METHODS =
  'debug error info log warn dir dirxml table trace group groupCollapsed groupEnd clear count countReset assert profile profileEnd time timeLog timeEnd timeStamp context createTask'.split(
    ' ',
  );
const OF_A_CONTEXT =
  'dir dirXml table groupEnd clear count countReset profile profileEnd debug error info log warn trace group groupCollapsed assert time timeLog timeEnd timeStamp'.split(
    ' ',
  );

type Methods = Record<string, (...args: never[]) => unknown>;

/** The console of a `vm` context. */
export function createEngineConsole(): object {
  const methods: Methods = {};
  for (const name of METHODS) methods[name] = engineMethod(name);
  return Object.defineProperty(methods, Symbol.toStringTag, { value: 'console', configurable: true });
}

/** Node's console has the engine's methods, too, where it has none of that name. */
export function completeConsole(console: object): void {
  for (const name of METHODS) {
    if (name in console) continue;
    const value = engineMethod(name);
    Object.defineProperty(console, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

function engineMethod(name: string): Methods[string] {
  if (name === 'context') return asEngines(name, makeContext);
  if (name === 'createTask') return asEngines(name, makeTask);
  const { [name]: silent } = { [name]: () => undefined };
  return asEngines(name, silent as Methods[string]);
}

const makeContext = (_name: unknown): Methods =>
  Object.fromEntries(OF_A_CONTEXT.map((name) => [name, engineMethod(name)]));

const makeTask = (...[name]: unknown[]): Methods => {
  if (typeof name !== 'string' || name === '') throw new Error('First argument must be a non-empty string.');
  const run = (...[callback]: unknown[]): unknown => {
    if (typeof callback !== 'function') throw new Error('First argument must be a function.');
    return callback();
  };
  return { run: asEngines('run', run) };
};

/** The method by the engine's name and text. */
function asEngines(name: string, method: Methods[string]): Methods[string] {
  Object.defineProperty(method, 'name', { value: name, configurable: true });
  noteFunctionText(method, `function ${name}() { [native code] }`);
  return method;
}
