/** What the engine says of a text that does not compile, and where. */
import type { ProcessContext } from '../context.ts';
import { lineStarts } from './lines.ts';

export interface EngineProblem {
  message: string;
  /** Offset in the text; undefined where the browser does not tell, as while its developer tools look. */
  at: number | undefined;
}

/** Compiles a text that would only make a function; undefined when nothing is wrong with it. */
export type Compile = (text: string) => EngineProblem | undefined;

const NAME = 'fixpoint:syntax';

export const compilerOf =
  (context: ProcessContext): Compile =>
  (text) => {
    try {
      // In front: the engine reads no further than to the error.
      context.host.evaluate(`//# sourceURL=${NAME}\n${text}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const place = context.reportedPlace(error);
      const start = place?.file === NAME ? lineStarts(text)[place.line - 2] : undefined;
      return { message: error.message, at: place && start !== undefined ? start + place.column - 1 : undefined };
    }
  };
