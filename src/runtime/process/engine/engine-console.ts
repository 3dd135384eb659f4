/** The engine's own console, which writes to an inspector and to nowhere else: here nobody looks. */
import { noteFunctionText } from './function-texts.ts';

const SILENT =
  'debug error info log warn dir dirxml table trace group groupCollapsed groupEnd clear count countReset assert profile profileEnd time timeLog timeEnd timeStamp';
const OF_A_CONTEXT =
  'dir dirXml table groupEnd clear count countReset profile profileEnd debug error info log warn trace group groupCollapsed assert time timeLog timeEnd timeStamp';

type Methods = Record<string, (...args: never[]) => unknown>;

/** The console of a `vm` context. */
export function createEngineConsole(): object {
  const methods: Methods = { ...silent(SILENT), ...toolMethods() };
  return Object.defineProperty(methods, Symbol.toStringTag, { value: 'console', configurable: true });
}

/** Node's console has the engine's methods, too, where it has none of that name. */
export function completeConsole(console: object): void {
  const methods = createEngineConsole();
  for (const name of Object.keys(methods)) {
    if (name in console) continue;
    const value: unknown = Reflect.get(methods, name);
    Object.defineProperty(console, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

function silent(names: string): Methods {
  const methods: Methods = {};
  for (const name of names.split(' ')) {
    const holder = { [name]: () => undefined };
    methods[name] = asEngines(name, holder[name] as Methods[string]);
  }
  return methods;
}

function toolMethods(): Methods {
  const { context, createTask } = {
    context: (_name: unknown): Methods => silent(OF_A_CONTEXT),
    createTask(...[name]: unknown[]): Methods {
      if (typeof name !== 'string' || name === '') throw new Error('First argument must be a non-empty string.');
      const { run } = {
        run(...[callback]: unknown[]): unknown {
          if (typeof callback !== 'function') throw new Error('First argument must be a function.');
          return callback();
        },
      };
      return { run: asEngines('run', run) };
    },
  };
  return { context: asEngines('context', context), createTask: asEngines('createTask', createTask) };
}

function asEngines(name: string, method: Methods[string]): Methods[string] {
  noteFunctionText(method, `function ${name}() { [native code] }`);
  return method;
}
