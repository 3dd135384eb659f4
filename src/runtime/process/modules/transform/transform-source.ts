import type { ProcessContext } from '../../context.ts';
import { contextModuleEdits } from '../../vm/prepare-script.ts';
import { attachArrow } from '../decorate.ts';
import { compilerOf } from '../engine-syntax.ts';
import { lineAt } from '../lines.ts';
import { findSyntaxProblem, formatArrow } from '../syntax-error.ts';
import { type Edited, originalOffset } from './edits.ts';
import { transformModuleSource } from './known-transforms.ts';
import type { ModuleText, ModuleTransform, Span } from './module-transform.ts';
import { parserOf } from './parser.ts';
import { transformModule } from './transform-module.ts';

export interface ModuleSource {
  url: string;
  source: string;
  /** It is to run in a `vm` context. */
  inContext: boolean;
}

/** Transforms a module; its SyntaxError has V8's message and Node's mark of the place. */
export function transformSource(context: ProcessContext, { url, source, inContext }: ModuleSource): ModuleText {
  const parse = parserOf(context);
  try {
    const counted = context.coverage.instrument({ source, file: url, kind: 'module' }, parse);
    const text = counted?.code ?? source;
    const transform =
      inContext || counted
        ? transformModule(text, parse, inContext ? contextModuleEdits : undefined)
        : transformModuleSource(context, text, parse);
    return counted ? { source, transform: placedBefore(transform, counted), counted } : { source, transform };
  } catch (error) {
    const problem = findSyntaxProblem(source, 'module', { parse, compile: compilerOf(context) });
    if (!problem) throw error;
    context.sourceRegistry.register(url, source);
    const described = new SyntaxError(problem.message);
    attachArrow(context, described, formatArrow(url, lineAt(source, problem.line) ?? '', problem));
    throw described;
  }
}

/** Messages show the imports where the author wrote them. */
function placedBefore(transform: ModuleTransform, { segments }: Edited): ModuleTransform {
  const placed = <Item extends Span>(item: Item): Item => ({
    ...item,
    start: originalOffset(segments, item.start),
    end: originalOffset(segments, item.end),
  });
  return {
    ...transform,
    imports: transform.imports.map(placed),
    indirectExports: transform.indirectExports.map(placed),
  };
}
