/** What can have properties and a place in a WeakMap: functions, too. */
export const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
