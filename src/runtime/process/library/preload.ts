/** Loads modules of Node's library ahead of the launch, while the booted Worker waits for one. */
import type { ProcessCore } from '../core.ts';
import { createTask } from '../next-turn.ts';
import { parseCommandLine } from '../options/options.ts';
import { compileAhead } from './compile.ts';
import { hotFunctionsOfRuntime, rehearseRuntime } from './rehearsal.ts';
import { rehearseImport, rehearseRequire } from './rehearse-modules.ts';
import { rehearseTest } from './rehearse-test.ts';

// Before the program could replace it.
const { defineProperty } = Object;

type OptionValues = Readonly<Record<string, unknown>>;

/** What is done in one task, so that a launch waits for one such task at most. */
interface Step {
  /** These are loaded, with all that they require. */
  readonly modules?: readonly string[];
  /** These are only compiled: what they do when they run depends on the program, or would be seen by it. */
  readonly compiled?: readonly string[];
  /**
   * Makes up for options that were read at their defaults, where the launch has set one of them. Without it the modules of the
   * step are forgotten, and loaded anew when they are needed.
   */
  readonly adapt?: (core: ProcessCore, values: OptionValues) => void;
  /** Makes up for async ids, which were given back when the step was loaded: the program asks for the step's only module. */
  readonly number?: (core: ProcessCore) => void;
  /** Runs what every program runs before its first line, and leaves no trace: it is compiled then. */
  readonly rehearse?: (core: ProcessCore) => void;
}

/**
 * In order of use: standard streams on pipes, what natively is in the snapshot and no start needs, ES modules, tests, what starts them,
 * servers. The first is done with every boot. What one program uses and another does not is in steps of its own.
 */
const STEPS: readonly Step[] = [
  { modules: ['stream'], rehearse },
  { modules: ['net'], adapt: adaptNet },
  { modules: ['internal/abort_controller'] },
  { modules: ['util'] },
  { modules: ['url', 'internal/perf/observe'] },
  { modules: ['internal/deps/acorn/acorn/dist/acorn'] },
  {
    modules: [
      'internal/modules/esm/loader',
      'internal/modules/esm/translators',
      'internal/modules/esm/load',
      'internal/modules/esm/module_map',
      'internal/modules/esm/resolve',
      'internal/modules/esm/module_job',
    ],
  },
  { modules: ['assert'] },
  { modules: ['v8'] },
  {
    modules: ['internal/test_runner/test'],
    number: numberReporterScope,
    // They read the colours of the standard streams, or take an async id.
    compiled: [
      'test',
      'internal/test_runner/harness',
      'internal/test_runner/reporter/rerun',
      'internal/test_runner/reporter/spec',
      'internal/test_runner/reporter/utils',
      'internal/error_serdes',
    ],
  },
  { modules: ['child_process'] },
  { modules: ['fs/promises'] },
  { modules: ['timers/promises'] },
  { modules: ['internal/readline/interface'] },
  {
    modules: ['internal/fs/glob', 'internal/watch_mode/files_watcher'],
    compiled: ['internal/test_runner/runner'],
  },
  { compiled: ['internal/test_runner/mock/mock', 'internal/test_runner/mock/loader'] },
  { compiled: ['internal/test_runner/mock/mock_timers'] },
  {
    modules: ['http'],
    // It asks the environment whether it is a worker.
    compiled: [
      'cluster',
      'internal/cluster/primary',
      'internal/cluster/round_robin_handle',
      'internal/cluster/shared_handle',
      'internal/cluster/utils',
      'internal/cluster/worker',
      'internal/util/inspector',
    ],
  },
];

export const ALL_STEPS = 2 ** STEPS.length - 1;

/** The rehearsal of an import has asked for these where Node's loader asks once: whoever makes a loader asks for the map as well. */
const ASKED_IN_REHEARSAL = [
  'internal/modules/esm/translators',
  'internal/modules/esm/resolve',
  'internal/modules/esm/load',
];
const ASKED_WITH_LOADER = 'internal/modules/esm/module_map';
/** The numbers of their tasks behind the steps. */
const REHEARSAL_OF_IMPORT = 1;
const REHEARSAL_OF_REQUIRE = 2;
const REHEARSAL_OF_TEST = 3;

interface BuiltinModule {
  exports: unknown;
  loaded: boolean;
  loading: boolean;
  module: unknown;
  exportKeys: unknown;
}

interface DoneStep {
  readonly optionsRead: Set<string>;
  /** What each of its modules brings into `process.moduleLoadList`. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
}

export class Preload {
  readonly #core: ProcessCore;
  /** Asks for the next task of {@link start}. */
  readonly #askForNext: () => void;
  #onDone: () => void = () => undefined;
  /** By the number of the step. */
  readonly #done = new Map<number, DoneStep>();
  #wanted = 0;
  #used = 0;
  #optionsRead: Set<string> | null = null;
  #launched = false;
  #rehearsals = 0;

  constructor(core: ProcessCore) {
    this.#core = core;
    this.#askForNext = createTask(core.host, () => this.#doNext());
  }

  /** Call it when boot is complete: loads the steps with a bit set, in a task each, and calls `done`, unless the launch comes first. */
  start(steps: number, done: () => void): void {
    this.#wanted |= steps | 1;
    this.#onDone = done;
    this.#askForNext();
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
    this.#core.hotFunctions.close();
    // The rehearsals have read them, too, and the library keeps what it has read.
    this.#optionsModule().refreshOptions();
    const { defaults } = this.#core.optionTable;
    for (const [index, { optionsRead, entries }] of this.#done) {
      if ([...optionsRead].some((name) => values[name] !== defaults[name])) {
        const { adapt } = STEPS[index] ?? {};
        if (adapt) {
          adapt(this.#core, values);
        } else {
          this.#forget([...entries.values()].flat());
          this.#done.delete(index);
          continue;
        }
      }
      this.#watch(index, entries);
    }
  }

  /** The steps whose modules the program has asked for so far, a bit each. */
  used(): number {
    const modules = this.#modules();
    for (const [index, step] of STEPS.entries()) {
      const watched = this.#done.has(index) ? [] : (step.modules ?? []);
      const [mark = ''] = step.modules ? [] : (step.compiled ?? []);
      if ([...watched, mark].some((id) => modules.get(id)?.loaded)) this.#used |= 1 << index;
    }
    return this.#used;
  }

  #doNext(): void {
    if (this.#launched) return;
    const index = STEPS.findIndex((_, step) => this.#wanted & (1 << step) && !this.#done.has(step));
    if (index >= 0) this.#load(index);
    else if (this.#wanted !== ALL_STEPS || !this.#compileNext()) {
      this.#onDone();
      return;
    }
    this.#askForNext();
  }

  /** Compiles what comes after the launch; false when there is nothing left. */
  #compileNext(): boolean {
    switch (this.#rehearsals++) {
      case 0:
        this.#core.hotFunctions.note(() => hotFunctionsOfRuntime(this.#core, Preload, this.#watch, this.#modules));
        rehearseRuntime(this.#core);
        return true;
      case REHEARSAL_OF_IMPORT:
        this.#watchRehearsal(rehearseImport(this.#core));
        return true;
      case REHEARSAL_OF_REQUIRE:
        this.#watchRehearsal(rehearseRequire(this.#core));
        return true;
      case REHEARSAL_OF_TEST:
        this.#watchRehearsal(rehearseTest(this.#core));
        return true;
      default:
        return this.#core.hotFunctions.compileNext();
    }
  }

  /** A launch can do without. */
  #watchRehearsal(rehearsal: Promise<void>): void {
    const { console } = this.#core.host;
    rehearsal.catch((error: unknown) => console.error('A rehearsal failed:', error));
  }

  #load(index: number): void {
    const { modules = [], compiled = [], rehearse } = STEPS[index] ?? {};
    const loaded = this.#core.process.moduleLoadList as string[];
    const entries = new Map<string, string[]>();
    const optionsRead = new Set<string>();
    const options = this.#optionsModule();
    const { asyncState } = this.#core;
    const { lastId } = asyncState;
    this.#optionsRead = optionsRead;
    options.refreshOptions();
    for (const id of modules) {
      const before = loaded.length;
      this.#core.require(id);
      // The program sees in the list what it asked for itself.
      entries.set(id, loaded.splice(before));
    }
    rehearse?.(this.#core);
    for (const id of compiled) compileAhead(this.#core, id);
    asyncState.lastId = lastId;
    this.#optionsRead = null;
    options.refreshOptions();
    this.#done.set(index, { optionsRead, entries });
  }

  /** Node's loader asks whether a module is loaded whenever it is required. */
  #watch(index: number, entries: DoneStep['entries']): void {
    const modules = this.#modules();
    const list = this.#core.process.moduleLoadList as string[];
    const rehearsed = this.#rehearsals > REHEARSAL_OF_IMPORT ? ASKED_IN_REHEARSAL : [];
    for (const [id, ownEntries] of entries) {
      const module = modules.get(id);
      if (module?.loaded !== true) continue;
      const others = id === ASKED_WITH_LOADER ? rehearsed.flatMap((other) => entries.get(other) ?? []) : [];
      const added = [...ownEntries, ...others];
      const shape = { configurable: true, enumerable: true };
      defineProperty(module, 'loaded', {
        ...shape,
        get: () => {
          list.push(...added);
          this.#used |= 1 << index;
          defineProperty(module, 'loaded', { ...shape, writable: true, value: true });
          STEPS[index]?.number?.(this.#core);
          return true;
        },
      });
    }
  }

  #optionsModule(): { refreshOptions(): void } {
    return this.#core.require('internal/options') as { refreshOptions(): void };
  }

  #modules(): Map<string, BuiltinModule> {
    const realm = this.#core.require('internal/bootstrap/realm') as {
      BuiltinModule: { map: Map<string, BuiltinModule> };
    };
    return realm.BuiltinModule.map;
  }

  #forget(entries: readonly string[]): void {
    const modules = this.#modules();
    const prefix = 'NativeModule ';
    for (const entry of entries) {
      // A binding stays loaded: it holds no option.
      const module = entry.startsWith(prefix) ? modules.get(entry.slice(prefix.length)) : undefined;
      if (module === undefined) continue;
      Object.assign(module, { exports: {}, loaded: false, loading: false, module: undefined, exportKeys: undefined });
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

function numberReporterScope(core: ProcessCore): void {
  const { reporterScope } = core.require('internal/test_runner/utils') as { reporterScope: object };
  core.asyncState.renumber(reporterScope, 'TestReporterScope');
}

function rehearse(core: ProcessCore): void {
  parseCommandLine(core.optionTable, ['node', 'script.js']);
  const { Duplex } = core.require('stream') as { Duplex: new () => unknown };
  new Duplex();
  const { formatWithOptions } = core.require('internal/util/inspect') as {
    formatWithOptions(options: object, ...values: unknown[]): string;
  };
  formatWithOptions({}, 'text', 1);
  const { resolve } = core.require('path') as { resolve(...paths: string[]): string };
  resolve('/folder', './script.js');
}
