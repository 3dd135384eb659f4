import type { ToolDescription } from '../model.ts';

/** A call found in a text, with the part of the text that it is. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
  readonly from: number;
  readonly to: number;
}

/** A reader of one family of formats. */
export type CallReader = (text: string, tools: readonly ToolDescription[]) => readonly WrittenCall[];

export function toolNamed(tools: readonly ToolDescription[], named: string): ToolDescription | undefined {
  const bare = named.trim().replace(/:\d+$/, '');
  const last = bare.split(/[.:/]/).at(-1);
  return tools.find(({ name }) => name === bare) ?? tools.find(({ name }) => name === last);
}
