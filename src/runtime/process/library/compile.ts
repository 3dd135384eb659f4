import type { GuestFunction, HostGlobals } from '../context.ts';
import type { ProcessCore } from '../core.ts';
import { sourceUrlComment } from '../failures/source-name.ts';
import { originalText } from './library-text.ts';

type Compiled = (this: unknown, ...args: unknown[]) => unknown;

/** Of the modules of Node's library, in the order in which its loader passes them. */
const MODULE_PARAMETERS = ['exports', 'require', 'module', 'process', 'internalBinding', 'primordials'];

/** Compiles the text of a function; `file` is what stacks show. */
export function compileText(
  host: HostGlobals,
  source: string,
  parameters: readonly string[],
  file: string,
): GuestFunction {
  return host.evaluate(`${prefixOf(parameters)}${source}\n})${sourceUrlComment(file)}`) as GuestFunction;
}

const prefixOf = (parameters: readonly string[]) => `(function (${parameters.join(', ')}) {`;

/** A module as Node's loader wants it. Throws where there is none of this name. */
export function compileModule(core: ProcessCore, id: string): Compiled {
  const compiled = core.compiledAhead.get(id) ?? compileBuiltin(core, id, MODULE_PARAMETERS);
  core.compiledAhead.delete(id);
  return compiled;
}

/** Compiles a module before it is asked for. Nothing of it runs, so no program can tell. */
export function compileAhead(core: ProcessCore, id: string): void {
  if (!core.compiledAhead.has(id)) core.compiledAhead.set(id, compileBuiltin(core, id, MODULE_PARAMETERS));
}

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
  const { code, hot } = source;
  // Behind everything else: no position changes.
  const text =
    hot && parameters === MODULE_PARAMETERS ? `${code}\n;internalBinding('builtins').noteHot(() => ${hot});` : code;
  return compileText(core.host, text, parameters, file) as unknown as Compiled;
}
