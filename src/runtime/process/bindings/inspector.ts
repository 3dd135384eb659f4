import type { CoverageMode } from '../block-coverage/coverage.ts';
import type { BindingFactory, ProcessContext } from '../context.ts';

/** JSON-RPC's, as V8 answers. */
const NOT_FOUND = -32601;
const FAILED = -32000;
/** Two hashes, natively. */
const DEBUGGER = '0.0';

interface Request {
  id: number;
  method: string;
  params?: Partial<CoverageMode>;
}

class Refusal {
  readonly code: number;
  readonly message: string;

  constructor(code: number, message: string) {
    this.code = code;
    this.message = message;
  }
}

/**
 * `internalBinding('inspector')`: a browser gives a page no debugger. Runners of tests connect to it for coverage alone, which
 * the sources of the program count themselves.
 */
export const inspector: BindingFactory = (context) => {
  const refuse = (): never => {
    throw Object.assign(new context.global.Error('Inspector is not available: a browser gives a page no debugger.'), {
      code: 'ERR_INSPECTOR_NOT_AVAILABLE',
    });
  };
  const Connection = createConnection(context);
  return {
    ...context.described('inspector'),
    Connection,
    MainThreadConnection: Connection,
    open: refuse,
    waitForDebugger: () => false,
    callAndPauseOnStart: (callback: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]) =>
      Reflect.apply(callback, self, args),
    isEnabled: () => false,
    url: () => undefined,
    console: {},
    setConsoleExtensionInstaller: () => undefined,
    registerAsyncHook: () => undefined,
    emitProtocolEvent: () => undefined,
  };
};

function createConnection(context: ProcessContext) {
  // The guest may replace them.
  const { parse, stringify } = JSON;
  return class Connection {
    readonly #answer: (message: string) => void;
    readonly #coverage = new Coverage(context);

    constructor(answer: (message: string) => void) {
      this.#answer = answer;
    }

    dispatch(message: string): void {
      const { id, method, params } = parse(message) as Request;
      const result = this.#coverage.call(method, params);
      this.#answer(stringify(result instanceof Refusal ? { id, error: result } : { id, result }));
    }

    /** Nothing waits for an answer: each is given at once. */
    disconnect(): void {
      this.#coverage.call('Profiler.disable');
    }
  };
}

/** The domain Profiler of the protocol, as far as it counts calls: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/ */
class Coverage {
  readonly #context: ProcessContext;
  #enabled = false;
  #started = false;

  constructor(context: ProcessContext) {
    this.#context = context;
  }

  call(method: string, { callCount = false, detailed = false }: Partial<CoverageMode> = {}): object {
    const { coverage } = this.#context;
    switch (method) {
      // It says that contexts were made and what they print: there is nobody to look at either.
      case 'Runtime.enable':
      case 'Runtime.disable':
      case 'Debugger.disable':
        return {};
      // Who collects coverage asks for it, so that no script is forgotten.
      case 'Debugger.enable':
        return { debuggerId: DEBUGGER };
      case 'Profiler.enable':
        this.#enabled = true;
        return {};
      case 'Profiler.disable':
        if (this.#started) coverage.stop();
        this.#enabled = this.#started = false;
        return {};
      case 'Profiler.startPreciseCoverage':
        if (!this.#enabled) return new Refusal(FAILED, 'Profiler is not enabled');
        this.#started = true;
        coverage.start({ callCount, detailed });
        return { timestamp: this.#timestamp() };
      case 'Profiler.takePreciseCoverage':
        if (!this.#started) return new Refusal(FAILED, 'Precise coverage has not been started.');
        return { result: coverage.take(), timestamp: this.#timestamp() };
      case 'Profiler.stopPreciseCoverage':
        if (!this.#enabled) return new Refusal(FAILED, 'Profiler is not enabled');
        if (this.#started) coverage.stop();
        this.#started = false;
        return {};
      case 'Profiler.getBestEffortCoverage':
        return { result: coverage.bestEffort() };
      default:
        return new Refusal(NOT_FOUND, `'${method}' is not available: a browser gives a page no debugger`);
    }
  }

  /** In seconds. */
  #timestamp(): number {
    return this.#context.host.now() / 1000;
  }
}
