/** What bash's grammar has and dash refuses. The parser reads both as bash does. */
import type { ParsedScript } from 'unbash';

export interface Refusal {
  position: number;
  /** As dash says it, behind `Syntax error: `. */
  message: string;
}

/** Texts without any of this need no look at their nodes. */
const SUSPICIOUS = /<<<|[<>]\(|\|&|;&|=\(|\bfunction\b|\bselect\b|for[ \t]*\(\(/;

interface Node {
  type: string;
  pos?: number;
  end?: number;
}

/** The first construct that dash takes for an error. */
export function refusedByDash(script: ParsedScript, source: string): Refusal | undefined {
  if (!SUSPICIOUS.test(source)) return undefined;
  let first: Refusal | undefined;
  const visit = (value: unknown, around: number): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, around);
    else if (isNode(value)) {
      const position = value.pos ?? around;
      const message = refusal(value, source);
      if (message !== undefined && (!first || position < first.position)) first = { position, message };
      // Substitutions are parsed by themselves when they run.
      if (value.type !== 'CommandExpansion') for (const child of Object.values(value)) visit(child, position);
      // These the parser works out when they are asked for.
      for (const name of ['parts', 'value']) if (!Object.hasOwn(value, name)) visit(value[name], position);
    }
  };
  visit(script.commands, 0);
  return first;
}

function isNode(value: unknown): value is Node & Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function refusal(node: Node & Record<string, unknown>, source: string): string | undefined {
  const text = source.slice(node.pos, node.end);
  switch (node.type) {
    case 'HereString':
      return 'redirection unexpected';
    case 'ProcessSubstitution':
    case 'ArrayValue':
      return '"(" unexpected';
    case 'ArithmeticFor':
      return 'Bad for loop variable';
    case 'Select':
      return '"do" unexpected';
    case 'Pipeline':
      return Array.isArray(node['operators']) && node['operators'].includes('|&') ? '"&" unexpected' : undefined;
    case 'CaseItem':
      return node['terminator'] === ';&' || node['terminator'] === ';;&' ? '"&" unexpected' : undefined;
    case 'Function':
      if (!/^function\s/.test(text)) return undefined;
      return /^function\s+\S+\s*\(/.test(text) ? '"(" unexpected' : '"}" unexpected';
    default:
      return undefined;
  }
}

/** `&>` is bash's; in dash `&` ends a command and `>` begins the next. */
export function asDashReads(source: string): string {
  if (!source.includes('&>')) return source;
  let quote = '';
  let text = '';
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i] ?? '';
    if (char === '\\' && quote !== "'") text += char + (source[++i] ?? '');
    else {
      if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = '';
      text += quote === '' && char === '&' && source[i + 1] === '>' && !/[<>&]/.test(source[i - 1] ?? '') ? '& ' : char;
    }
  }
  return text;
}
