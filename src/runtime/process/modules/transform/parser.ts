import type { ProcessContext } from '../../context.ts';
import type { Parse } from './syntax-tree.ts';

type Acorn = { parse: Parse; defaultOptions: object } & Record<(typeof CLASSES)[number], { prototype: object }>;

/** What acorn makes objects of. */
const CLASSES = ['Node', 'Parser', 'Position', 'SourceLocation', 'Token', 'TokenType'] as const;

// The guest may replace them.
const { getPrototypeOf, setPrototypeOf } = Object;

/** acorn, as Node's library carries it; it is loaded when something must be parsed. */
export const parserOf =
  (context: ProcessContext): Parse =>
  (source, options) => {
    const acorn = context.require('internal/deps/acorn/acorn/dist/acorn') as Acorn;
    // What a program defines on Object.prototype is none of its business: natively the engine parses.
    if (getPrototypeOf(acorn.Node.prototype) !== null) {
      for (let i = 0; i < CLASSES.length; i++) {
        const { prototype } = acorn[CLASSES[i] as (typeof CLASSES)[number]];
        setPrototypeOf(prototype, null);
      }
      setPrototypeOf(acorn.defaultOptions, null);
    }
    return acorn.parse(source, options);
  };
