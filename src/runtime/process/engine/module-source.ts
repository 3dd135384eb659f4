import { noteFunctionText } from './function-texts.ts';

type ModuleClass = typeof WebAssembly.Module;

// The guest may replace them.
const { defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Object;
const { exports: exportsOf } = WebAssembly.Module;

/**
 * `%AbstractModuleSource%`, from which `WebAssembly.Module` descends where source phase imports are known
 * (https://tc39.es/proposal-source-phase-imports/): the browser does not have it yet.
 */
export function descendFromModuleSource(Module: ModuleClass): void {
  function AbstractModuleSource(): never {
    throw new TypeError('Illegal invocation');
  }
  const methods = {
    get [Symbol.toStringTag]() {
      return isModule(this) ? 'WebAssembly.Module' : undefined;
    },
  };
  const tag = getOwnPropertyDescriptor(methods, Symbol.toStringTag);
  noteFunctionText(AbstractModuleSource, 'function AbstractModuleSource() { [native code] }');
  if (tag?.get) noteFunctionText(tag.get, 'function get [Symbol.toStringTag]() { [native code] }');
  const { prototype } = AbstractModuleSource;
  defineProperty(prototype, Symbol.toStringTag, { ...tag, enumerable: false });
  defineProperty(AbstractModuleSource, 'prototype', { writable: false });
  setPrototypeOf(Module, AbstractModuleSource);
  setPrototypeOf(Module.prototype, prototype);
}

function isModule(value: unknown): boolean {
  try {
    exportsOf(value as WebAssembly.Module);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
