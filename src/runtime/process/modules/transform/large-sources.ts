/** Large sources are parsed by the kernel's transformer, which remembers what it found, for all processes and over reloads. */
import { SystemError } from '../../../kernel/syscalls.ts';
import type { SourceKind } from '../../../transformer/messages.ts';
import type { ProcessContext } from '../../context.ts';
import { applyEdits } from './edits.ts';
import type { ModuleTransform } from './module-transform.ts';
import { type PackedScript, unpackScript } from './packed-edits.ts';
import type { Parse } from './syntax-tree.ts';
import { transformModule } from './transform-module.ts';
import { mayNeedTransform, type ScriptTransform, transformScript } from './transform-script.ts';

/** In UTF-16 units. Below it, parsing here takes less time than asking. */
const LARGE = 128 * 1024;

/** {@link transformScript} of the body of a CommonJS module's function. */
export function transformFunctionBody(context: ProcessContext, source: string, parse: Parse): ScriptTransform | null {
  if (source.length >= LARGE && mayNeedTransform(source)) {
    const packed = askTransformer<PackedScript>(context, 'function', source);
    if (packed) {
      const { edits, usesDynamicImport } = unpackScript(packed);
      return edits.length === 0 ? null : { ...applyEdits(source, edits), usesDynamicImport };
    }
  }
  return transformScript(source, { isFunctionBody: true }, parse);
}

/** {@link transformModule}. */
export function transformModuleSource(context: ProcessContext, source: string, parse: Parse): ModuleTransform {
  const found = source.length >= LARGE ? askTransformer<ModuleTransform>(context, 'module', source) : null;
  return found ?? transformModule(source, parse);
}

/** Null when the text does not parse, or when the transformer cannot be had: then it is parsed here. */
function askTransformer<Result>(context: ProcessContext, kind: SourceKind, source: string): Result | null {
  const { TextDecoder: Decoder, TextEncoder: Encoder } = context.host;
  const fingerprint = fingerprintOf(source);
  let answer: Uint8Array | null;
  try {
    answer =
      context.sys.call('knownTransform', kind, fingerprint) ??
      context.sys.call('transform', { kind, fingerprint, source: new Encoder().encode(source) });
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
  return answer && (JSON.parse(new Decoder().decode(answer)) as Result);
}

/**
 * Spares the way of megabytes to the kernel, among processes of one sandbox, which can write each other's files anyhow. (What is
 * kept beyond the sandbox goes by a cryptographic hash.) Two products of 32 bits over the text, and its length.
 */
function fingerprintOf(source: string): string {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let i = 0; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second + unit, 0x85ebca6b) ^ (second >>> 15);
  }
  return `${source.length}-${first >>> 0}-${second >>> 0}`;
}
