import type { ToolCall } from '../model.ts';
import { parseJson } from '../parse-json.ts';
import { writeBlock } from './value.ts';

/** A call in the project's own format: what `readCalls` reads, and what the model sees of its own calls later. */
export function writeCall({ name, arguments: text }: ToolCall): string {
  const args = parseJson(text);
  const body = isRecord(args) ? writeFields(args) : `\n${text}`;
  return `<tool name="${name}">${body}\n</tool>`;
}

function writeFields(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => writeField(name, each)))
    .join('');
}

function writeField(name: string, value: unknown): string {
  const inner = isRecord(value)
    ? `${writeFields(value)}\n`
    : typeof value === 'string'
      ? writeBlock(name, value)
      : JSON.stringify(value);
  return `\n<${name}>${inner}</${name}>`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
