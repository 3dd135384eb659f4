/**
 * Calls that models write as Python: Llama's rows (`[read_file(path="a.js"), run_tests()]`), Gemma's fences (`tool_code`), and those who
 * answer with a script of calls. Read where a reply has nothing but calls of tools in a fence, or ends in them, with plain values.
 */
import type { ToolDescription } from '../model.ts';
import { readLiteral, skipBlanks } from './python-literal.ts';
import type { ValueSchema } from './value.ts';
import { type CallReader, toolNamed, type WrittenCall } from './written-call.ts';

const FENCE = /```[ \t]*(?:python|py|tool_code|tool_calls?|tools?|text|plaintext)?[ \t]*\n([\s\S]*?)\n?[ \t]*```/g;
const MARKS = /<\|python_(?:start|end|tag)\|>|<\|eo[mt]_id\|>|<\|eot\|>/g;
/** Where a reply may end in calls. */
const LINE_START = /(?:^|\n)[ \t]*(?=\[?[\w.]+\()/g;

export const readPythonCalls: CallReader = (text, tools) => {
  // Marks become blanks, so that every index stays.
  const plain = text.replace(MARKS, (mark) => ' '.repeat(mark.length));
  const fenced = [...plain.matchAll(FENCE)].flatMap((match) => {
    const from = match.index + match[0].indexOf('\n') + 1;
    const row = readRow(plain, { from, end: from + (match[1] ?? '').length }, tools);
    return spread(row, match.index, match.index + match[0].length);
  });
  if (fenced.length > 0) return fenced;
  for (const match of plain.matchAll(LINE_START)) {
    const row = readRow(plain, { from: match.index + match[0].length, end: plain.length }, tools);
    if (row.length > 0) return spread(row, match.index, plain.length);
  }
  return [];
};

/** The first call stands for the whole text of them all. */
function spread(row: readonly Call[], from: number, to: number): WrittenCall[] {
  return row.map((call, index) => ({ ...call, from: index === 0 ? from : to, to }));
}

type Call = Pick<WrittenCall, 'name' | 'arguments'>;
interface Read {
  readonly call: Call;
  readonly to: number;
}

/** All between the two is calls, one after the other or as a list; else there are none. */
function readRow(
  text: string,
  { from, end }: { from: number; end: number },
  tools: readonly ToolDescription[],
): Call[] {
  const within = text.slice(0, end);
  const calls: Call[] = [];
  let at = skipBlanks(within, from);
  const isList = within[at] === '[';
  if (isList) at = skipBlanks(within, at + 1);
  while (at < end && !(isList && within[at] === ']')) {
    const read = readCall(within, at, tools);
    if (!read) return [];
    calls.push(read.call);
    at = skipBlanks(within, read.to);
    if (within[at] === ',' || within[at] === ';') at = skipBlanks(within, at + 1);
  }
  const rest = isList ? at + 1 : at;
  return within.slice(rest).trim() === '' && (!isList || within[at] === ']') ? calls : [];
}

function readCall(text: string, from: number, tools: readonly ToolDescription[]): Read | null {
  const printed = /^print\(\s*/.exec(text.slice(from, from + 40))?.[0];
  if (printed !== undefined) {
    const inner = readCall(text, from + printed.length, tools);
    const close = inner && skipBlanks(text, inner.to);
    return inner && close !== null && text[close] === ')' ? { ...inner, to: close + 1 } : null;
  }
  const head = /^(?:\w+\s*=\s*)?([\w.]+)\(/.exec(text.slice(from, from + 120));
  const tool = head && toolNamed(tools, head[1] ?? '');
  return tool ? readArguments(text, from + head[0].length, tool) : null;
}

function readArguments(text: string, from: number, tool: ToolDescription): Read | null {
  const schema: ValueSchema = tool.parameters;
  const names = Object.keys(schema.properties ?? {});
  const args: Record<string, unknown> = {};
  let position = 0;
  for (let at = skipBlanks(text, from); ; ) {
    if (text[at] === ')') return { call: { name: tool.name, arguments: JSON.stringify(args) }, to: at + 1 };
    const keyword = /^(\w+)\s*=(?!=)\s*/.exec(text.slice(at, at + 80));
    const name = keyword ? keyword[1] : names[position];
    const value = readLiteral(text, at + (keyword?.[0].length ?? 0));
    if (!value || name === undefined || Object.hasOwn(args, name)) return null;
    args[name] = value.value;
    position += 1;
    at = skipBlanks(text, value.to);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== ')') return null;
  }
}
