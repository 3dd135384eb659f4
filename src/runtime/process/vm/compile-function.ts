/** Compiling the body of a function: CommonJS modules and `vm.compileFunction`. */

import type * as acorn from 'acorn';
import type { SourceToCount } from '../block-coverage/coverage.ts';
import type { GuestFunction, ProcessContext } from '../context.ts';
import { attachArrow } from '../modules/decorate.ts';
import { dynamicImportFor } from '../modules/dynamic-import.ts';
import { compilerOf } from '../modules/engine-syntax.ts';
import { findRedeclaration } from '../modules/redeclaration.ts';
import { findSyntaxProblem, formatArrow } from '../modules/syntax-error.ts';
import { applyEdits, type Edited } from '../modules/transform/edits.ts';
import { DYNAMIC_IMPORT } from '../modules/transform/injected-names.ts';
import { transformScriptSource } from '../modules/transform/known-transforms.ts';
import { parserOf } from '../modules/transform/parser.ts';
import { collectScriptEdits } from '../modules/transform/transform-script.ts';
import { blockFunctions } from './block-functions.ts';
import { contextEdits } from './context-edits.ts';
import { evaluateWithin, prefixWithin } from './evaluate-within.ts';
import { isStrict, topLevelNames } from './prepare-script.ts';
import { RecentTexts } from './recent-texts.ts';
import { type Shift, unshifted } from './shift.ts';
import type { VmContext } from './vm-context.ts';

const UNSHIFTED: Shift = { lines: 0, columns: 0 };

export interface FunctionRequest {
  source: string;
  file: string;
  parameters: readonly string[];
  /** Who `import()` is called by. */
  referrer: symbol;
  /** Whose names it sees; the process's own when there is none. */
  vmContext?: VmContext | undefined;
  /** Where the caller says that it stands. */
  shift?: Shift;
  /** Objects around it whose properties are names in it. */
  extensions?: readonly object[];
}

/** Compiles; a SyntaxError carries V8's message and Node's mark of the place. */
export function compileFunction(context: ProcessContext, request: FunctionRequest): GuestFunction {
  const { source, file, parameters, vmContext, extensions = [], shift = UNSHIFTED } = request;
  const toCount: SourceToCount = { source, file, kind: 'function', shift: shift.lines + shift.columns };
  const counted = context.coverage.instrument(toCount, parserOf(context));
  const text = counted?.code ?? source;
  const edited = vmContext
    ? transformForContext(context, { ...request, source: text })
    : transformScriptSource(context, { source: text, isOwn: counted !== null });
  const transform = counted
    ? { usesDynamicImport: false, ...counted, ...edited, before: edited ? counted.segments : undefined }
    : edited;
  const importing = transform?.usesDynamicImport === true;
  const objects = [...(vmContext?.surroundings ?? []), ...extensions];
  const prefix = `${importing ? `(function(${DYNAMIC_IMPORT}){return ` : ''}(function (${parameters.join(', ')}) {`;
  const expression = `${prefix}${transform?.code ?? source}\n})${importing ? '})' : ''}`;
  const compiled = orDescribed(context, { source, file, kind: 'function', shift }, () => {
    if (mayEndEarly(source)) context.host.checkBody(transform?.code ?? source);
    return evaluateWithin(context.host, objects, { expression, file });
  });
  const length = prefixWithin(objects.length).length + prefix.length;
  context.sourceRegistry.register(file, source, transform ?? undefined, length);
  if (!importing) return compiled as GuestFunction;
  const bind = compiled as (dynamicImport: unknown) => GuestFunction;
  return bind(dynamicImportFor(context, request.referrer, file));
}

const [OPENING, CLOSING] = [0x7b, 0x7d];

/** A bundle this long takes a tenth of its compilation to look through, and was made by a program that counts its braces. */
const BUNDLE = 2 ** 20;

/** False only when no brace of the source can close what is put around it, or it is a bundle. */
function mayEndEarly(source: string): boolean {
  if (source.length > BUNDLE) return false;
  let depth = 0;
  for (let i = 0; i < source.length && depth >= 0; i++) {
    const code = source.charCodeAt(i);
    if (code === OPENING) depth++;
    else if (code === CLOSING) depth--;
  }
  return depth < 0;
}

interface FunctionTransform extends Edited {
  usesDynamicImport: boolean;
}

const transformed = new RecentTexts<FunctionTransform | null>();

function transformForContext(context: ProcessContext, request: FunctionRequest): FunctionTransform | null {
  return transformed.get(request.source, request.parameters.join(), () => findTransform(context, request));
}

function findTransform(context: ProcessContext, { source, parameters }: FunctionRequest): FunctionTransform | null {
  try {
    const program = parserOf(context)(source, {
      ecmaVersion: 'latest',
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    });
    const common = collectScriptEdits(program, source, DYNAMIC_IMPORT);
    const strict = isStrict(program.body);
    const declared = [...parameters, 'arguments', ...namesOfBody(program, strict)];
    const own = contextEdits(program, { strict, declared, isFunctionBody: true });
    const usesDynamicImport = common.some(({ text }) => text === DYNAMIC_IMPORT);
    return { ...applyEdits(source, [...common, ...own]), usesDynamicImport };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Names of the function's own, which are none of the context's. */
function namesOfBody(program: acorn.Program, strict: boolean): string[] {
  const names = topLevelNames(program.body);
  const inBlocks = strict ? [] : blockFunctions(program, names.lexicals).names;
  return [...Object.values(names).flat(), ...inBlocks];
}

interface Compilation {
  source: string;
  file: string;
  kind: 'function' | 'script';
  shift?: Shift;
}

/** Compiles, as a function's body, a text made of `source`. */
export function checkText(context: ProcessContext, request: Compilation & { text: string }): void {
  orDescribed(context, request, () => context.host.checkBody(request.text));
}

function orDescribed(context: ProcessContext, compilation: Compilation, evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof SyntaxError) throw describeSyntaxError(context, error, compilation);
    throw error;
  }
}

function describeSyntaxError(
  context: ProcessContext,
  error: SyntaxError,
  { source, file, kind, shift = UNSHIFTED }: Compilation,
): SyntaxError {
  const parse = parserOf(context);
  const problem =
    (kind === 'function' ? findRedeclaration(source, error.message, parse) : undefined) ??
    findSyntaxProblem(source, kind, { parse, compile: compilerOf(context) });
  context.sourceRegistry.register(file, source);
  if (!problem) return error;
  const described = new SyntaxError(problem.message);
  attachArrow(context, described, formatArrow(file, ...unshifted(source, problem, shift)));
  return described;
}
