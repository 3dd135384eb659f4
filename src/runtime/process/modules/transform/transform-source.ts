import type { ProcessContext } from '../../context.ts';
import { contextModuleEdits } from '../../vm/prepare-script.ts';
import { attachArrow } from '../decorate.ts';
import { compilerOf } from '../engine-syntax.ts';
import { lineAt } from '../lines.ts';
import { findSyntaxProblem, formatArrow } from '../syntax-error.ts';
import { transformModuleSource } from './known-transforms.ts';
import type { ModuleTransform } from './module-transform.ts';
import { parserOf } from './parser.ts';
import { transformModule } from './transform-module.ts';

export interface ModuleSource {
  url: string;
  source: string;
  /** It is to run in a `vm` context. */
  inContext: boolean;
}

/** Transforms a module; its SyntaxError has V8's message and Node's mark of the place. */
export function transformSource(context: ProcessContext, { url, source, inContext }: ModuleSource): ModuleTransform {
  const parse = parserOf(context);
  try {
    if (inContext) return transformModule(source, parse, contextModuleEdits);
    return transformModuleSource(context, source, parse);
  } catch (error) {
    const problem = findSyntaxProblem(source, 'module', { parse, compile: compilerOf(context) });
    if (!problem) throw error;
    context.sourceRegistry.register(url, source);
    const described = new SyntaxError(problem.message);
    attachArrow(context, described, formatArrow(url, lineAt(source, problem.line) ?? '', problem));
    throw described;
  }
}
