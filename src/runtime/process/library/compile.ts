import type { GuestFunction, HostGlobals } from '../context.ts';
import type { ProcessCore } from '../core.ts';
import { originalText } from './library-text.ts';

type Compiled = (this: unknown, ...args: unknown[]) => unknown;

/** Compiles the text of a function; `file` is what stacks show. */
export function compileText(
  host: HostGlobals,
  source: string,
  parameters: readonly string[],
  file: string,
): GuestFunction {
  return host.evaluate(`${prefixOf(parameters)}${source}\n})\n//# sourceURL=${file}`) as GuestFunction;
}

const prefixOf = (parameters: readonly string[]) => `(function (${parameters.join(', ')}) {`;

/** Compiles a module of Node's library; its columns are mapped back to Node's own text. */
export function compileBuiltin(core: ProcessCore, id: string, parameters: readonly string[]): Compiled {
  const source = core.library.source(id);
  if (source === undefined) throw new Error(`No such built-in module: ${id}`);
  const file = `node:${id}`;
  const compiled = source.segments && { code: source.code, segments: source.segments };
  // The text is worked out again only where something was inserted, and only when a stack asks for it.
  core.sourceRegistry.register(
    file,
    () => originalText(core.library.source(id) ?? source),
    compiled,
    prefixOf(parameters).length,
  );
  return compileText(core.host, source.code, parameters, file) as unknown as Compiled;
}
