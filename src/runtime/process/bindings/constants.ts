import type { BindingFactory } from '../context.ts';

/** `internalBinding('constants')`: all of them as the native binary has them, and as unchangeable. */
export const constants: BindingFactory = (context) => {
  const groups = context.described('constants');
  for (const group of Object.values(groups)) fix(group);
  return groups;
};

function fix(group: unknown): void {
  if (typeof group !== 'object' || group === null) return;
  for (const [name, value] of Object.entries(group)) {
    if (typeof value === 'object') fix(value);
    else Object.defineProperty(group, name, { value, writable: false, enumerable: true, configurable: false });
  }
}
