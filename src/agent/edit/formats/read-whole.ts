/** Reads whole files from a text: a path, and the content in the fenced block below it. */
import type { WholeFile } from '../edit.ts';
import { Refusal } from '../refusal.ts';
import { readFencePath, readPathLine } from './path-line.ts';

const OPENING = /^\s{0,3}(`{3,}|~{3,})(.*)$/;

/** No file when the text has none. Throws Refusal for a block that does not end. */
export function readWholeFiles(text: string, known: ReadonlySet<string> = new Set()): WholeFile[] {
  const lines = text.split('\n');
  const files: WholeFile[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = OPENING.exec(line)?.[1];
    if (fence === undefined) continue;
    const path = readFencePath(line) ?? pathAbove(lines, at, known);
    const end = closing(lines, at, fence);
    if (path !== null) {
      if (end === -1) throw new Refusal(`${path}: the fenced block is cut off: it does not end.`);
      const content = lines.slice(at + 1, end);
      refuseNested(path, content, lines[end + 1]);
      files.push({ path, content: content.map((one) => `${one}\n`).join(''), fenced: true });
    }
    if (end === -1) break;
    at = end;
  }
  return files;
}

/** A path line, then the content as it is, up to the end of the text. */
export function readPathAndContent(text: string): WholeFile | null {
  const [first = '', ...rest] = text.split('\n');
  const path = OPENING.test(first) ? null : readPathLine(first);
  return path === null || rest.length === 0 ? null : { path, content: rest.join('\n').replace(/^\n/, '') };
}

/** The content of the only fenced block; null when there is none, or several. */
export function readOnlyFence(text: string): string | null {
  const lines = text.split('\n');
  const open = lines.findIndex((line) => OPENING.test(line));
  const fence = OPENING.exec(lines[open] ?? '')?.[1];
  if (fence === undefined) return null;
  const end = closing(lines, open, fence);
  const isOnly = end !== -1 && !lines.slice(end + 1).some((line) => OPENING.test(line));
  return isOnly
    ? lines
        .slice(open + 1, end)
        .map((line) => `${line}\n`)
        .join('')
    : null;
}

function closing(lines: readonly string[], open: number, fence: string): number {
  const [mark = '`'] = fence;
  return lines.findIndex((line, at) => {
    const text = line.trim();
    return at > open && text.length >= fence.length && [...text].every((character) => character === mark);
  });
}

function pathAbove(lines: readonly string[], fence: number, known: ReadonlySet<string>): string | null {
  const above = lines.slice(Math.max(0, fence - 2), fence).filter((line) => line.trim() !== '');
  return readPathLine(above.at(-1) ?? '', known);
}

/** A fence inside the content would have ended it early. */
function refuseNested(path: string, content: readonly string[], below: string | undefined): void {
  const opened = content.some((line) => /^\s*`{3,}\w/.test(line));
  const goesOn = below !== undefined && below.trim() !== '' && OPENING.test(below);
  if (opened || goesOn)
    throw new Refusal(`${path}: the content itself has fenced blocks: put four backquotes around the whole.`);
}
