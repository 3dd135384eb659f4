/**
 * What must be edited in a source: the kernel's transformer finds it once for all processes, in a large source while the first of them
 * waits. Nothing that is found here is told to others, as the guest may have replaced what it goes by.
 */
import { SystemError } from '../../../kernel/syscalls.ts';
import type { SourceKind } from '../../../transformer/messages.ts';
import type { ProcessContext } from '../../context.ts';
import { DYNAMIC_IMPORT } from './injected-names.ts';
import type { ModuleTransform } from './module-transform.ts';
import { packScript, unpackScript } from './packed-edits.ts';
import { parserOf } from './parser.ts';
import type { Parse } from './syntax-tree.ts';
import { transformModule } from './transform-module.ts';
import {
  applyScriptEdits,
  findHashbang,
  findScriptEdits,
  mayNeedTransform,
  type ScriptTransform,
  transformScript,
} from './transform-script.ts';

// The guest may replace them.
const { parse: parseJson } = JSON;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Question<Result extends object> {
  kind: SourceKind;
  source: string;
  find(): Result;
}

interface ScriptText {
  source: string;
  /** The expression that takes the place of `import` in `import(x)`. */
  importer?: string;
  /** No other process will ask for it. */
  isOwn?: boolean;
}

/** `transformScript` of the body of a CommonJS module's function, or of a script. */
export function transformScriptSource(
  context: ProcessContext,
  { source, importer = DYNAMIC_IMPORT, isOwn = false }: ScriptText,
): ScriptTransform | null {
  if (!mayNeedTransform(source)) return applyScriptEdits(source, findHashbang(source));
  if (isOwn) return transformScript(source, { isFunctionBody: true, importer }, parserOf(context));
  const find = () => packScript(findScriptEdits(source, { isFunctionBody: true }, parserOf(context)));
  const { texts, ...packed } = known(context, { kind: 'function', source, find });
  const ownTexts = texts.map((text) => (text === DYNAMIC_IMPORT ? importer : text));
  return applyScriptEdits(source, unpackScript({ ...packed, texts: ownTexts }));
}

/** {@link transformModule}. */
export function transformModuleSource(context: ProcessContext, source: string, parse: Parse): ModuleTransform {
  return known(context, { kind: 'module', source, find: () => transformModule(source, parse) });
}

/** What `find` gives, from the kernel where that knows it. */
function known<Result extends object>(context: ProcessContext, { kind, source, find }: Question<Result>): Result {
  try {
    const answer = context.sys.call('transform', kind, encoder.encode(source));
    if (answer) return parseJson(decoder.decode(answer)) as Result;
  } catch (error) {
    // There is no transformer.
    if (!(error instanceof SystemError)) throw error;
  }
  return find();
}
