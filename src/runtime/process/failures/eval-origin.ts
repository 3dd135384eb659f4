/**
 * Text that a program compiles with `eval` or `Function` is no file: stacks tell where it was compiled. The engine would tell this
 * of the runtime's own calls, so the text is given a name which says it.
 */
import { givenName, sourceUrlComment } from './source-name.ts';

/** Begins the name of a text that has none; what follows is its origin, as V8 words it. */
const ORIGIN = '\uf6ff';
/** Begins a name that the text gives itself. */
const OWN = '\uf6fe';
/** One in the middle of a line is most likely part of a string. */
const COMMENT = /(?:^|\n)\s*\/\/[#@]\s+sourceURL=/;
const LAST_COMMENT = /(\/\/[#@]\s+sourceURL=)([^\s'"]+)\s*$/;

/** What a name in a stack says of evaluated text; undefined of a file's name. */
export interface EvaluatedName {
  /** `eval at f (file:line:column)`, or the text's own name. */
  origin: string;
  isOwn: boolean;
}

export function evaluatedName(name: string): EvaluatedName | undefined {
  const isOwn = name.startsWith(OWN);
  return isOwn || name.startsWith(ORIGIN) ? { origin: name.slice(1), isOwn } : undefined;
}

/** The text of `eval` with its name: its origin where it gives itself none at its end. */
export function nameText(text: string, origin: () => string): { text: string; name: string | undefined } {
  const [, comment, own] = LAST_COMMENT.exec(text) ?? [];
  if (comment !== undefined && own !== undefined) {
    return { text: text.replace(LAST_COMMENT, () => comment + OWN + own), name: OWN + own };
  }
  if (COMMENT.test(text)) return { text, name: undefined };
  const name = ORIGIN + origin();
  return { text: text + sourceUrlComment(name), name };
}

/** The same of a function's body; a name that it gives itself stays as it is, because the function's text shows it. */
export function nameBody(body: string, origin: () => string): { text: string; name: string | undefined } {
  return COMMENT.test(body) || LAST_COMMENT.test(body) ? { text: body, name: undefined } : nameText(body, origin);
}

/** A function's text without what {@link nameBody} put in. */
export function withoutName(text: string): string {
  if (!text.endsWith('\n}')) return text;
  const start = text.lastIndexOf('\n', text.length - 3);
  return text.startsWith(`\n//# sourceURL=${ORIGIN}`, start) ? text.slice(0, start) + text.slice(-2) : text;
}

/** Where a call of `eval` or `Function` stands. */
export function describeOrigin(caller: NodeJS.CallSite | undefined): string {
  const name = caller?.getFunctionName();
  const file = givenName(caller?.getScriptNameOrSourceURL() ?? '');
  const place = file ? `${file}:${caller?.getLineNumber()}:${caller?.getColumnNumber()}` : caller?.getEvalOrigin();
  const isCode = !name || (name === 'eval' && caller?.isEval());
  return `eval at ${isCode ? '<anonymous>' : name} (${place ?? '<anonymous>'})`;
}
