import type { Echo } from '../../model.ts';
import type { Delta } from './chunk.ts';
import { readText } from './chunk.ts';

type Details = Record<string, unknown>[];

/** Collects a reply's thoughts in the form in which they go back to the server with later requests. */
export interface ReasoningEcho {
  /** Returns the thoughts' text. */
  add(delta: Delta): string;
  finish(): Echo['message'];
}

export function createReasoningEcho(): ReasoningEcho {
  const details: Details = [];
  let field: 'reasoning_content' | 'reasoning' | null = null;
  let text = '';
  return {
    add: (delta) => {
      const content = joined(delta.reasoning_content);
      const plain = joined(delta.reasoning);
      if (content !== '') field ??= 'reasoning_content';
      else if (plain !== '') field ??= 'reasoning';
      for (const part of delta.reasoning_details ?? []) addDetail(details, part);
      // Servers that give both give the same text twice.
      const added = content || plain || (field === null ? detailText(delta.reasoning_details ?? []) : '');
      text += added;
      return added;
    },
    finish: () => {
      if (details.length > 0) return { reasoning_details: details };
      return field === null ? {} : { [field]: text };
    },
  };
}

function joined(value: unknown): string {
  const { content, reasoning } = readText(value);
  return content + reasoning;
}

const detailText = (parts: Details) => parts.map(({ text, summary }) => joined(text) || joined(summary)).join('');

/** Parts of one detail follow each other; their texts are one text. */
function addDetail(details: Details, part: Record<string, unknown>): void {
  const last = details.at(-1);
  const sameKind = last && last.type === part.type && (last.index ?? null) === (part.index ?? null);
  if (!last || !sameKind) {
    details.push({ ...part });
    return;
  }
  for (const [key, value] of Object.entries(part)) {
    const grows = ['text', 'summary', 'data'].includes(key) && typeof last[key] === 'string';
    if (value !== null && value !== undefined) last[key] = grows ? `${last[key]}${value}` : value;
  }
}
