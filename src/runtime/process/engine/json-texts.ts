/** The engine shows the text that is no JSON; from its error alone the text cannot be told. */
import { lineAt } from '../modules/lines.ts';
import { formatArrow, markOf } from '../modules/syntax-error.ts';
import { noteFunctionText } from './function-texts.ts';

const OBJECT_TEXT = '[object Object]';

const { apply, defineProperty, getOwnPropertyDescriptor, set } = Reflect;
const { parse } = JSON;
const parseAs = apply(Function.prototype.bind, Function.prototype.call, [parse]) as (
  receiver: unknown,
  text: unknown,
  reviver?: unknown,
) => unknown;
const texts = new WeakMap<object, string>();

/** Must run before Node's primordials copy the function. */
export function noteJsonTexts(json: JSON): void {
  const replacement = {
    parse(text: unknown, reviver: unknown): unknown {
      try {
        return parseAs(this, text, reviver);
      } catch (error) {
        // To make a text of an object would run the program's code once more.
        if (typeof text === 'symbol' || typeof text === 'object' || typeof text === 'function') throw noteObject(error);
        const limit: unknown = Error.stackTraceLimit;
        try {
          // Again, so that this function's frame takes the room of none of the program's.
          if (typeof limit === 'number') set(Error, 'stackTraceLimit', limit + 1);
          parseAs(this, text);
        } catch (same) {
          texts.set(same as object, `${text}`);
          throw same;
        } finally {
          if (typeof limit === 'number') set(Error, 'stackTraceLimit', limit);
        }
        // The reviver's.
        throw error;
      }
    },
  };
  noteFunctionText(replacement.parse, 'function parse() { [native code] }');
  defineProperty(json, 'parse', { ...getOwnPropertyDescriptor(json, 'parse'), value: replacement.parse });
}

function noteObject(error: unknown): unknown {
  if (messageOf(error) === `"${OBJECT_TEXT}" is not valid JSON`) texts.set(error as object, OBJECT_TEXT);
  return error;
}

/** The line of the text and the place in it where an error of `JSON.parse` is; undefined for all other errors. */
export function jsonArrow(error: object): string | undefined {
  const text = texts.get(error);
  if (text === undefined) return undefined;
  const at = placeIn(text);
  const mark = markOf(text, { start: at, end: at + 1 });
  return formatArrow('<anonymous_script>', lineAt(text, mark.line) ?? '', mark);
}

/** The offset, which the messages of most errors tell. */
function placeIn(text: string): number {
  const message = problemOf(text);
  const told = /at position (\d+)/.exec(message ?? '')?.[1];
  if (told !== undefined) return Number(told);
  if (!isUnexpectedToken(message)) return text.length;
  // Up to the token that should not be there, the text could go on.
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isUnexpectedToken(problemOf(text.slice(0, middle)))) bad = middle;
    else good = middle;
  }
  return good;
}

const isUnexpectedToken = (message: string | undefined): boolean => message?.endsWith('is not valid JSON') === true;

function problemOf(text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string | undefined {
  const message: unknown = error instanceof Error && getOwnPropertyDescriptor(error, 'message')?.value;
  return typeof message === 'string' ? message : undefined;
}
