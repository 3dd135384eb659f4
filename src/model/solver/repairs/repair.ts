import type { Evidence } from '../evidence.ts';
import { type AnyNode, type Source, textOf, type Visit } from '../source.ts';

/** A replacement of a piece of text, and how likely its kind is to repair a defect (1 rare, 10 common). */
export interface Repair {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly weight: number;
  /** For a person: "< becomes <=". */
  readonly label: string;
}

export interface Place extends Visit {
  readonly source: Source;
  readonly evidence: Evidence;
  /** Names that the module or its tests use, with how often. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Names of async functions in the project. */
  readonly asyncNames: ReadonlySet<string>;
}

/** Small repairs of one node. */
export type Repairer = (place: Place) => Repair[];

export function replaceNode(place: Place, text: string, weight: number, node: AnyNode = place.node): Repair {
  return {
    start: node.start,
    end: node.end,
    text,
    weight,
    label: `${short(textOf(place.source, node))} becomes ${short(text)}`,
  };
}

export function insertAt(offset: number, text: string, weight: number): Repair {
  return { start: offset, end: offset, text, weight, label: `${short(text)} is added` };
}

/** Replaces the operator between two nodes. */
export function replaceOperator(
  place: Place,
  span: { from: number; to: number },
  change: { old: string; to: string; weight: number },
): Repair[] {
  const between = place.source.text.slice(span.from, span.to);
  const at = between.indexOf(change.old);
  if (at === -1) return [];
  const start = span.from + at;
  const { old, to, weight } = change;
  return [
    {
      start,
      end: start + old.length,
      text: to,
      weight,
      label: `${old} becomes ${to} in ${short(textOf(place.source, place.node))}`,
    },
  ];
}

function short(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** Code that can stand anywhere in an expression without parentheses. */
function isSimple(node: AnyNode): boolean {
  return /^(Identifier|Literal|MemberExpression|CallExpression|ThisExpression|ArrayExpression|TemplateLiteral)$/.test(
    node.type,
  );
}

/** The text of an expression as an operand: in parentheses, unless it needs none. */
export function wrapped(source: Source, node: AnyNode): string {
  return isSimple(node) ? textOf(source, node) : `(${textOf(source, node)})`;
}
