/**
 * Calls that models write as JSON when they do not use, or do not have, the server's own way: Hermes and Qwen (`<tool_call>{…}`), Llama
 * (`<|python_tag|>{…}`, or the bare object), Mistral (`[TOOL_CALLS][…]`, `[TOOL_CALLS]name{…}`), DeepSeek and Kimi (a name between
 * markers, then the arguments), gpt-oss (`to=functions.name … <|message|>{…}`), ReAct (`Action: … Action Input: {…}`), and fenced blocks.
 */
import type { ToolDescription } from '../model.ts';
import { jsonAt } from './json.ts';
import { type CallReader, toolNamed, type WrittenCall } from './written-call.ts';

/** After these stands a call, or a list of calls, with their names in the JSON. */
const BEFORE_CALL =
  /<\|?tool_calls?\|?>|<\|?function_calls?\|?>|<tools?>|<\|python_tag\|>|\[TOOL_CALLS\]|<\|action_start\|><\|plugin\|>/g;
/** After these stand the arguments; the name is in the marker. */
const BEFORE_ARGUMENTS = [
  /\[TOOL_CALLS\]\s*([\w.-]+)\s*(?:\[ARGS\])?\s*(?=\{)/g,
  /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?([\w.-]+)(?:<｜tool▁sep｜>)?\s*(?:```json)?\s*(?=\{)/g,
  /<\|tool_call_begin\|>\s*([\w.:-]+)\s*<\|tool_call_argument_begin\|>\s*(?=\{)/g,
  /to=([\w.]+)[^{]{0,80}<\|message\|>\s*(?=\{)/g,
  /<function=([\w.-]+)>\s*(?=\{)/g,
  /(?:^|\n)Action:\s*`?([\w.-]+)`?\s*\n\s*Action Input:\s*(?:```(?:json)?\s*)?(?=\{)/g,
];
/** What may stand around them, and is no text for a person. */
const MARKS =
  /^\s*(?:<\/tool_calls?>|<\|\/?tool_calls?\|>|<\/function(?:_calls?)?>|<\/tools?>|<\|tool_call_end\|>|<\|call\|>|<\|eom_id\|>|<\|eot_id\|>|```)?(?:\s*<｜tool▁call▁end｜>)?/;

/** With a marker that says that this is a call. */
export const readMarkedJson: CallReader = (text, tools) => {
  const named = BEFORE_ARGUMENTS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const tool = toolNamed(tools, match[1] ?? '');
      const json = jsonAt(text, match.index + match[0].length);
      return tool && json ? [found(text, match.index, json.end, { name: tool.name, args: json.value })] : [];
    }),
  );
  if (named.length > 0) return named.toSorted((first, second) => first.from - second.from);
  return [...text.matchAll(BEFORE_CALL)].flatMap((match) => rowAt(text, match.index, match[0].length, tools));
};

/** Several objects may follow one marker. */
function rowAt(text: string, from: number, skip: number, tools: readonly ToolDescription[]): WrittenCall[] {
  const calls: WrittenCall[] = [];
  for (let at = from + skip, start = from; ; ) {
    const json = jsonAt(text, at + (/^[\s,;]*/.exec(text.slice(at))?.[0].length ?? 0));
    const read = json ? callsIn(json.value, tools) : [];
    if (!json || read.length === 0) return calls;
    calls.push(...read.map((call, index) => found(text, index === 0 ? start : json.end, json.end, call)));
    at = json.end;
    start = json.end;
  }
}

/** Without a marker: in a code fence, or as the end of the reply. */
export const readPlainJson: CallReader = (text, tools) => {
  const fenced = [...text.matchAll(/```([\w-]*)\s*(?=[{[])/g)].flatMap((match) => {
    // The fence itself may name the tool.
    const tool = tools.find(({ name }) => name === match[1]);
    const json = tool && jsonAt(text, match.index + match[0].length);
    const row = rowAt(text, match.index, match[0].length, tools);
    return tool && json && row.length === 0
      ? [found(text, match.index, json.end, { name: tool.name, args: json.value })]
      : row;
  });
  if (fenced.length > 0) return fenced;
  const start = /(?:^|\n)\s*(?=[{[])/g;
  for (const match of text.matchAll(start)) {
    const calls = rowAt(text, match.index, match[0].length, tools);
    if (text.slice(calls.at(-1)?.to ?? 0).trim() === '') return calls;
  }
  return [];
};

interface Read {
  readonly name: string;
  readonly args: unknown;
}

function found(text: string, from: number, end: number, { name, args }: Read): WrittenCall {
  const to = end + (MARKS.exec(text.slice(end))?.[0].length ?? 0);
  return { name, arguments: typeof args === 'string' ? args : JSON.stringify(args ?? {}), from, to };
}

/** The calls that a JSON value is, in the shapes that models give them; none when it names no tool. */
function callsIn(value: unknown, tools: readonly ToolDescription[]): Read[] {
  if (Array.isArray(value)) {
    const all = value.flatMap((each) => callsIn(each, tools));
    return all.length === value.length ? all : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const fields: Readonly<Record<string, unknown>> = { ...value };
  if (Array.isArray(fields.tool_calls)) return callsIn(fields.tool_calls, tools);
  if (typeof fields.function === 'object') return callsIn(fields.function, tools);
  const { name, tool, tool_name, function: called, action, ...rest } = fields;
  const named = [name, tool, tool_name, called, action].find((each) => typeof each === 'string');
  if (typeof named === 'string') {
    const found = toolNamed(tools, named);
    if (!found) return [];
    const { id: _, type: __, ...own } = rest;
    const args =
      rest.arguments ?? rest.parameters ?? rest.args ?? rest.input ?? rest.params ?? rest.action_input ?? own;
    return [{ name: found.name, args }];
  }
  const [[only, args] = [], ...more] = Object.entries(fields);
  const single = only !== undefined && more.length === 0 ? toolNamed(tools, only) : undefined;
  return single && typeof args === 'object' ? [{ name: single.name, args }] : [];
}
