import type { BindingFactory, BrowserUrlPattern } from '../context.ts';

const PARTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

/** The guest's getters are called here, where what they throw goes on. */
const copyOf = (input: unknown): unknown =>
  typeof input !== 'object' || input === null
    ? input
    : Object.fromEntries(
        [...PARTS, 'baseURL'].flatMap((part) => {
          const value: unknown = Reflect.get(input, part);
          return value === undefined ? [] : [[part, value]];
        }),
      );

function inNodesOrder(result: unknown): object {
  const { input, groups } = result as { input: string; groups: Record<string, string | undefined> };
  return { input, groups };
}

/** `internalBinding('url_pattern')`: the browser's patterns, with Node's errors. */
export const urlPattern: BindingFactory = (context) => {
  const patterns = new WeakMap<object, BrowserUrlPattern>();
  const failure = (message: string, code: string) => Object.assign(new TypeError(message), { code });
  const isInput = (value: unknown) =>
    value === undefined || typeof value === 'string' || (typeof value === 'object' && value !== null);

  function patternOf(value: object): BrowserUrlPattern {
    const pattern = patterns.get(value);
    if (pattern === undefined) throw new TypeError('Illegal invocation');
    return pattern;
  }

  /** What matches, or what the call gives for input that cannot be an address. */
  function matching<T>(input: unknown, base: unknown, match: () => T): T {
    if (!isInput(input)) throw failure('URLPattern input needs to be a string or an object', 'ERR_INVALID_ARG_TYPE');
    if (base !== undefined && typeof base !== 'string') {
      throw failure('baseURL must be a string', 'ERR_INVALID_ARG_TYPE');
    }
    return match();
  }

  function checkOptions(options: unknown): void {
    if (options === undefined || options === null) return;
    if (typeof options !== 'object') throw failure('options must be an object', 'ERR_INVALID_ARG_TYPE');
    const ignoreCase: unknown = Reflect.get(options, 'ignoreCase');
    if (ignoreCase !== undefined && typeof ignoreCase !== 'boolean') {
      throw failure('options.ignoreCase must be a boolean', 'ERR_INVALID_ARG_TYPE');
    }
  }

  class URLPattern {
    constructor(input?: unknown, baseOrOptions?: unknown, options?: unknown) {
      if (!isInput(input)) throw failure('Input must be an object or a string', 'ERR_INVALID_ARG_TYPE');
      if (baseOrOptions !== undefined && !isInput(baseOrOptions)) {
        throw failure('second argument must be a string or object', 'ERR_INVALID_ARG_TYPE');
      }
      checkOptions(typeof baseOrOptions === 'object' ? baseOrOptions : options);
      const given = [copyOf(input ?? {}), baseOrOptions, options].filter((argument) => argument !== undefined);
      try {
        patterns.set(this, new context.host.URLPattern(...given));
      } catch {
        throw failure('Failed to construct URLPattern', 'ERR_INVALID_URL_PATTERN');
      }
    }
    get hasRegExpGroups(): boolean {
      return patternOf(this).hasRegExpGroups;
    }
    exec(input?: unknown, base?: string): object | null {
      const pattern = patternOf(this);
      const result = matching(input, base, () => pattern.exec(...(base === undefined ? [input ?? {}] : [input, base])));
      if (result === null) return null;
      const parts = PARTS.map((part) => [part, inNodesOrder(result[part])]);
      return Object.assign(Object.create(null) as object, { inputs: result['inputs'] }, Object.fromEntries(parts));
    }
    test(input?: unknown, base?: string): boolean {
      const pattern = patternOf(this);
      return matching(input, base, () => pattern.test(...(base === undefined ? [input ?? {}] : [input, base])));
    }
  }
  for (const part of PARTS) {
    Object.defineProperty(URLPattern.prototype, part, {
      get(this: object): unknown {
        return Reflect.get(patternOf(this), part);
      },
      enumerable: true,
      configurable: true,
    });
  }
  const callable = new context.host.Proxy(URLPattern, {
    apply() {
      throw failure('Cannot call constructor without `new`', 'ERR_CONSTRUCT_CALL_REQUIRED');
    },
  });
  Object.defineProperty(URLPattern.prototype, 'constructor', { value: callable });
  return { ...context.described('url_pattern'), URLPattern: callable };
};
