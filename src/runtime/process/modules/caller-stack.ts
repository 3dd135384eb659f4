/**
 * Lets an error's stack begin at the caller of `binding`, as if the function were native: the runtime's own frames would
 * take places of the stack's limited number.
 */
export function fromCaller<E>(error: E, binding: (...args: never[]) => unknown): E {
  if (error instanceof Error) Error.captureStackTrace(error, binding);
  return error;
}

/** The same for whatever a function throws: gives a function that behaves so; `onError` sees the error with that stack. */
export function asNative<Args extends unknown[], Result>(
  name: string,
  callback: (...args: Args) => Result,
  onError?: (error: unknown) => void,
): (...args: Args) => Result {
  const binding = (...args: Args): Result => {
    try {
      return callback(...args);
    } catch (error) {
      fromCaller(error, binding);
      onError?.(error);
      throw error;
    }
  };
  Object.defineProperty(binding, 'name', { value: name });
  return binding;
}
