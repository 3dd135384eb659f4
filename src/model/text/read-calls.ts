import type { ToolCall, ToolDescription } from '../model.ts';
import { readMarkedJson, readPlainJson } from './json-calls.ts';
import { readPythonCalls } from './python-calls.ts';
import { readExplicitTags, readToolTags, withoutWrappers } from './tag-calls.ts';
import type { CallReader, WrittenCall } from './written-call.ts';

export interface ReadReply {
  /** The reply without its calls. */
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** There is the beginning of a call and no end of it, or one that cannot be read. */
  readonly hasBrokenCall: boolean;
}

/** From the surest sign of a call to the least. */
const READERS: readonly CallReader[] = [readExplicitTags, readMarkedJson, readToolTags, readPlainJson, readPythonCalls];

/** Marks around a row of calls, and DeepSeek's prefix of its tags. */
const ROW_MARKS = /<｜tool▁calls▁(?:begin|end)｜>|<\|tool_calls_section_(?:begin|end)\|>|｜DSML｜/g;
/** What only the run may say: a model that writes it makes up results, and what follows is made up too. */
const MADE_UP = /\n\s*<result tool=|\n\s*<(?:tool_response|function_results|\|?observation\|?)>/;
const BEGINNING =
  /<(?:\w+:)?(?:tool|invoke|function)(?:\s+name)?=|<\|?tool_call|\[TOOL_CALLS\]|<｜tool▁call|<\|tool_call_begin/;

/** The calls that a model wrote into its text, in any of the formats that models know. */
export function readCalls(reply: string, tools: readonly ToolDescription[]): ReadReply {
  const [heard = ''] = reply.split(MADE_UP, 1);
  const text = heard.replace(ROW_MARKS, '');
  for (const read of READERS) {
    const found = read(text, tools);
    if (found.length === 0) continue;
    const rest = withoutWrappers(without(text, found)).trim();
    return { text: rest, calls: found.map(toCall), hasBrokenCall: BEGINNING.test(rest) };
  }
  return { text: reply, calls: [], hasBrokenCall: BEGINNING.test(text) };
}

const toCall = ({ name, arguments: text }: WrittenCall, index: number): ToolCall => ({
  id: `text-${index + 1}`,
  name,
  arguments: text,
});

function without(text: string, found: readonly WrittenCall[]): string {
  let at = 0;
  const parts = found.map(({ from, to }) => {
    const part = text.slice(at, from);
    at = to;
    return part;
  });
  return [...parts, text.slice(at)].join('');
}
