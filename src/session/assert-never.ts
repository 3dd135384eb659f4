/** Ends an exhaustive switch: a missing case is a type error, a wrong value at run time an exception. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
