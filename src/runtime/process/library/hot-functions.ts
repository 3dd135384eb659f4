/** Compiles what programs call first before the launch: a Worker that waits has the time. */

// Before the program could replace them.
const { getOwnPropertyDescriptors, setPrototypeOf, values } = Object;

export class HotFunctions {
  #noted: (() => readonly unknown[])[] | null = [];

  /** A module of the library that was loaded names its functions. */
  note(functions: () => readonly unknown[]): void {
    this.#noted?.push(functions);
  }

  /** Compiles those of one module; false when none was left. */
  compileNext(): boolean {
    const functions = this.#noted?.pop();
    if (functions === undefined) return false;
    for (const value of functions()) {
      if (typeof value === 'function') compileUncalled(value);
      else if (typeof value === 'object' && value !== null) compileAccessors(value);
    }
    return true;
  }

  /** There is no time any more. */
  close(): void {
    this.#noted = null;
  }
}

function compileAccessors(target: object): void {
  for (const { get, set } of values(getOwnPropertyDescriptors(target))) {
    if (get) compileUncalled(get);
    if (set) compileUncalled(set);
  }
}

/**
 * Compiles a function without calling it. V8 does so to learn how many properties an object will have, for each function on the prototype
 * chain of its constructor (`JSFunction::CalculateExpectedNofProperties`). Another engine does nothing here.
 */
function compileUncalled(target: object): void {
  class Heir {}
  setPrototypeOf(Heir, target);
  new Heir();
}
