/**
 * A Worker of the kernel that parses large sources for processes. Guest code never runs here, so what it finds can be kept for other
 * processes and for later: nobody can put another text's transform in its place.
 */
import { parse } from 'acorn';
import { packScript } from '../process/modules/transform/packed-edits.ts';
import { transformModule } from '../process/modules/transform/transform-module.ts';
import { findScriptEdits } from '../process/modules/transform/transform-script.ts';
import type { SourceKind, TransformAnswer, TransformRequest } from './messages.ts';

addEventListener('message', ({ data }: MessageEvent<TransformRequest>) => {
  const result = transform(data.kind, new TextDecoder('utf-8', { ignoreBOM: true }).decode(data.source));
  const answer: TransformAnswer = { id: data.id, result };
  postMessage(answer);
});

function transform(kind: SourceKind, source: string): Uint8Array | null {
  try {
    const found =
      kind === 'module'
        ? transformModule(source, parse)
        : packScript(findScriptEdits(source, { isFunctionBody: true }, parse));
    return new TextEncoder().encode(JSON.stringify(found));
  } catch (error) {
    // It does not parse, or is nested deeper than the parser's stack: the process will find out by itself, and say where.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
