/** Loads modules of Node's library ahead of the launch, while the booted Worker waits for one. */
import type { ProcessCore } from './core.ts';

type OptionValues = Readonly<Record<string, unknown>>;

/** Modules that are loaded in one task, so that a launch waits for one such task at most. */
interface Step {
  readonly modules: readonly string[];
  /**
   * Makes up for options that were read at their defaults, where the launch has set one of them. Without it the modules of the
   * step are forgotten, and loaded anew when they are needed.
   */
  readonly adapt?: (core: ProcessCore, values: OptionValues) => void;
}

/** In order of use: standard streams on pipes, ES modules, what the test runner is made of. */
const STEPS: readonly Step[] = [
  { modules: ['stream'] },
  { modules: ['net'], adapt: adaptNet },
  { modules: ['internal/deps/acorn/acorn/dist/acorn'] },
  { modules: ['internal/modules/esm/loader', 'internal/modules/esm/translators', 'internal/modules/esm/load'] },
  { modules: ['child_process'] },
  // Of the test runner's own modules, most read the colours of stderr when they are loaded.
  { modules: ['assert', 'fs/promises', 'timers/promises', 'v8', 'internal/readline/interface'] },
  { modules: ['internal/fs/glob', 'internal/watch_mode/files_watcher', 'internal/test_runner/tests_stream'] },
];

interface BuiltinModule {
  exports: unknown;
  loaded: boolean;
  loading: boolean;
  module: unknown;
  exportKeys: unknown;
}

interface DoneStep {
  readonly step: Step;
  readonly optionsRead: Set<string>;
  /** Of `process.moduleLoadList`. */
  readonly entries: readonly string[];
}

export class Preload {
  readonly #core: ProcessCore;
  readonly #done: DoneStep[] = [];
  #optionsRead: Set<string> | null = null;
  #launched = false;

  constructor(core: ProcessCore) {
    this.#core = core;
  }

  /** Call it when boot is complete. */
  start(): void {
    this.#core.host.setTimeout(() => this.#step(), 0);
  }

  /** The values as the library may read them now; which ones it reads while a step is loaded is noted. */
  observe(values: Record<string, unknown>): Record<string, unknown> {
    const read = this.#optionsRead;
    if (read === null) return values;
    const { Proxy: HostProxy } = this.#core.host;
    return new HostProxy(values, {
      get: (target, name) => {
        if (typeof name === 'string') read.add(name);
        return Reflect.get(target, name);
      },
    });
  }

  /** Call it when the command line is known, before the program starts. */
  settle(values: OptionValues): void {
    this.#launched = true;
    const { defaults } = this.#core.optionTable;
    for (const { step, optionsRead, entries } of this.#done) {
      if (![...optionsRead].some((name) => values[name] !== defaults[name])) continue;
      if (step.adapt) step.adapt(this.#core, values);
      else this.#forget(entries);
    }
  }

  #step(): void {
    const step = STEPS[this.#done.length];
    if (this.#launched || step === undefined) return;
    const loaded = this.#core.process.moduleLoadList as string[];
    const before = loaded.length;
    const optionsRead = new Set<string>();
    const options = this.#core.require('internal/options') as { refreshOptions(): void };
    this.#optionsRead = optionsRead;
    options.refreshOptions();
    for (const id of step.modules) this.#core.require(id);
    this.#optionsRead = null;
    options.refreshOptions();
    this.#done.push({ step, optionsRead, entries: loaded.slice(before) });
    this.start();
  }

  #forget(entries: readonly string[]): void {
    const { BuiltinModule } = this.#core.require('internal/bootstrap/realm') as {
      BuiltinModule: { map: Map<string, BuiltinModule> };
    };
    const list = this.#core.process.moduleLoadList as string[];
    const prefix = 'NativeModule ';
    for (const entry of entries) {
      // A binding stays loaded: it holds no option.
      const module = entry.startsWith(prefix) ? BuiltinModule.map.get(entry.slice(prefix.length)) : undefined;
      if (module === undefined) continue;
      Object.assign(module, { exports: {}, loaded: false, loading: false, module: undefined, exportKeys: undefined });
      list.splice(list.indexOf(entry), 1);
    }
  }
}

function adaptNet(core: ProcessCore, values: OptionValues): void {
  const net = core.require('net') as {
    setDefaultAutoSelectFamily(value: unknown): void;
    setDefaultAutoSelectFamilyAttemptTimeout(value: unknown): void;
  };
  net.setDefaultAutoSelectFamily(values['--network-family-autoselection']);
  net.setDefaultAutoSelectFamilyAttemptTimeout(values['--network-family-autoselection-attempt-timeout']);
}
