/**
 * A Worker's stack holds half of native Node's, so that `f.apply(x, list)` with 65,536 values, a usual size of a piece, is too much for it.
 * Of what programs call with lists, these give the same in pieces.
 */

/** Fits any stack that is not nearly full. */
const PIECE = 30_000;
/** What is longer is too much for native Node, too. */
const LONGEST = 120_000;

type Values = ArrayLike<unknown>;
type Variadic = (...values: never[]) => unknown;

/** `join` makes one result of those of two pieces. */
function takesPieces(call: Variadic, join: (first: unknown, second: unknown) => unknown): void {
  const { apply } = Reflect;
  const { slice } = Array.prototype;
  const whole = (self: unknown, values: unknown) => apply(call, self, (values ?? []) as Values);
  const own = {
    apply(self: unknown, values: unknown): unknown {
      const { length } = Object(values ?? []) as Values;
      if (!(length > PIECE && length <= LONGEST)) return whole(self, values);
      let result: unknown;
      for (let at = 0; at < length; at += PIECE) {
        const piece = whole(self, apply(slice, values, [at, at + PIECE]));
        result = at === 0 ? piece : join(result, piece);
      }
      return result;
    },
  };
  Object.defineProperty(call, 'apply', { value: own.apply, writable: true, configurable: true });
}

/** Before a program runs. */
export function widenCalls({ String: text, Math: math }: Pick<typeof globalThis, 'String' | 'Math'>): void {
  const { max, min } = math;
  const joined = (first: unknown, second: unknown) => (first as string) + (second as string);
  takesPieces(text.fromCharCode, joined);
  takesPieces(text.fromCodePoint, joined);
  takesPieces(math.max, (first, second) => max(first as number, second as number));
  takesPieces(math.min, (first, second) => min(first as number, second as number));
}
