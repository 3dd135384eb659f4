import type { ProcessContext } from '../../context.ts';
import type { Parse } from './syntax-tree.ts';

/** acorn, as Node's library carries it; it is loaded when something must be parsed. */
export const parserOf =
  (context: ProcessContext): Parse =>
  (source, options) => {
    const acorn = context.require('internal/deps/acorn/acorn/dist/acorn') as { parse: Parse };
    return acorn.parse(source, options);
  };
