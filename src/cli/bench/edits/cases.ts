/** Thousands of edits as models make them, real and damaged; the same in every run with the same files. */
import type { Edit } from '../../../agent/edit/edit.ts';
import { disguise } from './changes.ts';
import { DAMAGES, LINE_DAMAGES } from './damage.ts';
import type { Change, EditCase } from './edit-case.ts';
import type { Random } from './random.ts';
import { endsDiffer, hunksOf, renderDiff, renderEdit, renderHunk } from './render.ts';

const FORMATS = ['diff', 'patch', 'blocks', 'replace', 'whole'] as const;

export function makeCases(changes: readonly Change[], count: number, random: Random): EditCase[] {
  const cases: EditCase[] = [];
  for (let turn = 0; cases.length < count && turn < count * 10; turn += 1) {
    const change = disguise(random.pick(changes), random);
    if (change.before === change.after) continue;
    const made = makeCase(change, turn, random);
    if (made) cases.push({ ...made, id: `${cases.length}` });
  }
  return cases;
}

function makeCase(change: Change, turn: number, random: Random): Omit<EditCase, 'id'> | null {
  const kind = turn % 8;
  if (kind < 5) return diffCase(change, random);
  const format = FORMATS[1 + random.below(4)] ?? 'patch';
  return random.chance(0.4) && (format === 'patch' || format === 'blocks')
    ? lineCase(change, format, random)
    : plainCase(change, format);
}

function diffCase(change: Change, random: Random): Omit<EditCase, 'id'> | null {
  if (random.chance(0.06)) {
    const edit: Edit = { format: 'diff', text: renderDiff(change, { context: 3, isGit: true }) };
    return {
      format: 'diff',
      damage: 'none',
      files: { [change.path]: change.before },
      edit,
      intended: { [change.path]: change.after },
    };
  }
  const damage = random.chance(0.15) ? 'none' : random.pick(Object.keys(DAMAGES));
  const damaged = DAMAGES[damage]?.(change, random);
  if (!damaged || damaged.after === damaged.before) return null;
  const original = `--- a/${change.path}\n+++ b/${change.path}\n${hunksOf(change).map(renderHunk).join('')}`;
  return {
    format: 'diff',
    damage: damaged.text === original && damaged.before === change.before ? 'none' : damage,
    files: { [change.path]: damaged.before },
    edit: { format: 'diff', text: damaged.text },
    intended: damaged.after === null ? null : { [change.path]: damaged.after },
  };
}

function plainCase(change: Change, format: EditCase['format']): Omit<EditCase, 'id'> | null {
  const edit = renderEdit(change, format);
  if (!edit || (format === 'patch' && endsDiffer(change))) return null;
  if (edit.format === 'replace') {
    const after = edit.replacements.reduce(
      (text, { find, replace }) => text.replace(find, () => replace),
      change.before,
    );
    if (after !== change.after) return null;
  }
  return {
    format,
    damage: 'none',
    files: { [change.path]: change.before },
    edit,
    intended: { [change.path]: change.after },
  };
}

function lineCase(change: Change, format: 'patch' | 'blocks', random: Random): Omit<EditCase, 'id'> | null {
  const damage = random.pick(Object.keys(LINE_DAMAGES));
  const alter = LINE_DAMAGES[damage];
  const edit = renderEdit(change, format);
  if (!alter || !edit || !('text' in edit) || endsDiffer(change)) return null;
  const isPatch = format === 'patch';
  const own = hunksOf(change).flatMap(({ lines }) => lines);
  const isAltered = (line: string) => alter(line.slice(1)) !== line.slice(1);
  const isSeen = own.some((line) => /^[ -]/.test(line) && isAltered(line));
  const isFair =
    damage !== 'indentation less by two' || own.every((line) => line.slice(1).trim() === '' || /^. {2}/.test(line));
  const isMixed = /\r\n/.test(change.after) && /(^|[^\r])\n/.test(change.after);
  if (!isFair || isMixed || (!isSeen && own.some(isAltered)) || own.some((line) => /[’–\uFEFF]/.test(line)))
    return null;
  const text = edit.text
    .split('\n')
    .map((line) => {
      if (/^(\*\*\*|@@|<{7}|={7}|>{7})/.test(line) || line === change.path) return line;
      return isPatch ? (line[0] ?? '') + alter(line.slice(1)) : alter(line);
    })
    .join('\n');
  return {
    format,
    damage: text === edit.text ? 'none' : damage,
    files: { [change.path]: change.before },
    edit: { ...edit, text },
    intended: { [change.path]: change.after },
  };
}
