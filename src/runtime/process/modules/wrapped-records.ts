import type { ModuleRecord } from './module-record.ts';

/** The module behind each `ModuleWrap` of Node's loader. */
export const recordsOfWraps = new WeakMap<object, ModuleRecord>();
