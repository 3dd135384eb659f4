/** What the streams of `internalBinding('zlib')` need of a format. */

/** Input and output of one step; offsets and lengths in bytes. */
export interface Window {
  input: Uint8Array;
  output: Uint8Array<ArrayBuffer>;
}

/** What a step left over, and its failure if it failed. */
export interface Step {
  inputLeft: number;
  outputLeft: number;
  failure: Failure | null;
}

export interface Failure {
  message: string;
  errno: number;
  code: string;
}

export interface Codec {
  step(flush: number, window: Window): Step;
  /** Another level and strategy for what comes; the library has flushed what was written before. */
  parameters(level: number, strategy: number): void;
  reset(): Failure | null;
  /** Gives memory outside JavaScript's heap back. */
  close?(): void;
}

export const UNEXPECTED_END: Failure = { message: 'unexpected end of file', errno: -5, code: 'Z_BUF_ERROR' };
