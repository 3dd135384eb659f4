/** What happens to a diff, or to its file, before it arrives. */
import type { StructuredPatchHunk } from 'diff';
import { count, type Damage, isContext, meant, recount, write } from './damaged.ts';
import type { Random } from './random.ts';
import { hunksOf } from './render.ts';
import { SLIPS } from './slips.ts';

/** The hunks' lines or numbers altered; the meaning stays. */
const onHunks =
  (alter: (hunk: StructuredPatchHunk, random: Random) => StructuredPatchHunk, context = 3): Damage =>
  (change, random) =>
    meant(
      change,
      write(
        change,
        hunksOf(change, context).map((hunk) => alter(hunk, random)),
      ),
    );
/** Damage that only new lines show, no line of the file: nobody could see it. */
const onLines =
  (
    alter: (line: string, random: Random) => string,
    isPossible: (lines: readonly string[]) => boolean = () => true,
  ): Damage =>
  (change, random) => {
    const hunks = hunksOf(change);
    const altered = hunks.map((hunk) => ({
      ...hunk,
      lines: hunk.lines.map((line) => (line.startsWith('\\') ? line : alter(line, random))),
    }));
    const before = hunks.flatMap(({ lines }) => lines);
    const after = altered.flatMap(({ lines }) => lines);
    const isSeen = before.some((line, at) => /^[ -]/.test(line) && line !== after[at]);
    if (!isPossible(before) || (!isSeen && before.some((line, at) => line !== after[at]))) return null;
    return meant(change, write(change, altered));
  };
const isDeep = (lines: readonly string[]) =>
  lines.every((line) => line.slice(1).trim() === '' || line.slice(1).startsWith('  '));
const isPlain = (lines: readonly string[]) => lines.every((line) => !/[’–\uFEFF]/.test(line));
const onText =
  (alter: (text: string) => string): Damage =>
  (change) =>
    meant(change, alter(write(change, hunksOf(change))));

const shift = (hunk: StructuredPatchHunk, by: number): StructuredPatchHunk => ({
  ...hunk,
  oldStart: Math.max(1, hunk.oldStart + by),
  newStart: Math.max(1, hunk.newStart + by),
});
const body = (line: string, alter: (text: string) => string) => (line[0] ?? '') + alter(line.slice(1));

function dropContext(hunk: StructuredPatchHunk, random: Random): StructuredPatchHunk {
  const drop = (lines: readonly string[]) => {
    const most = lines.findIndex((line) => !isContext(line));
    return lines.slice(random.below(Math.max(0, most) + 1));
  };
  const lines = drop([...drop(hunk.lines)].reverse()).reverse();
  return { ...hunk, lines };
}

function dropMiddle(hunk: StructuredPatchHunk, random: Random): StructuredPatchHunk {
  const context = hunk.lines.flatMap((line, at) =>
    isContext(line) && at > 0 && at < hunk.lines.length - 1 ? [at] : [],
  );
  if (context.length === 0) return hunk;
  const gone = random.pick(context);
  return { ...hunk, lines: hunk.lines.filter((_, at) => at !== gone) };
}

/** Cuts the text off in the middle of its last hunk. */
const truncate: Damage = (change, random) => {
  const hunks = hunksOf(change);
  const last = hunks.at(-1);
  if (!last || last.lines.length < 3) return null;
  const kept = 1 + random.below(last.lines.length - 1);
  const lost = last.lines.slice(kept);
  const cut = { ...last, lines: last.lines.slice(0, kept) };
  if (lost.some((line) => line.startsWith('\\'))) return null;
  // What is lost is context alone: the change is whole.
  const after = lost.every((line) => isContext(line)) ? change.after : null;
  return { text: write(change, [...hunks.slice(0, -1), cut]), before: change.before, after };
};

const alterOne =
  (op: string): Damage =>
  (change, random) => {
    const hunks = hunksOf(change);
    const hunk = random.below(hunks.length);
    const lines = hunks[hunk]?.lines ?? [];
    const places = lines.flatMap((line, at) => (line.startsWith(op) && /[A-Za-z]{3}/.test(line) ? [at] : []));
    if (places.length === 0) return null;
    const place = random.pick(places);
    const altered = lines.map((line, at) =>
      at === place ? body(line, (text) => text.replace(/[A-Za-z]{3}/, 'qqq')) : line,
    );
    const text = write(
      change,
      hunks.map((one, at) => (at === hunk ? { ...one, lines: altered } : one)),
    );
    return { text, before: change.before, after: op === ' ' ? change.after : null };
  };

/** The file has moved on: a line that the diff shows is another one now. */
const stale: Damage = (change, random) => {
  const hunks = hunksOf(change);
  const hunk = random.pick(hunks);
  const shown = hunk.lines.flatMap((line, at) => (/^[ -]/.test(line) && /[A-Za-z]{3}/.test(line) ? [at] : []));
  if (shown.length === 0) return null;
  const place = random.pick(shown);
  const number = hunk.oldStart - 1 + count(hunk.lines.slice(0, place), ' -');
  const lines = change.before.split('\n');
  lines[number] = (lines[number] ?? '').replace(/[A-Za-z]{3}/, 'zzz');
  return { text: write(change, hunks), before: lines.join('\n'), after: null };
};

/** The file has moved on elsewhere: lines were added above, so that the numbers are wrong and the change is still clear. */
const grown: Damage = (change, random) => {
  if (change.before.startsWith('\uFEFF')) return null;
  const end = change.before.includes('\r\n') ? '\r\n' : '\n';
  const added = Array.from({ length: 1 + random.below(30) }, (_, at) => `// added ${at}${end}`).join('');
  return { text: write(change, hunksOf(change)), before: added + change.before, after: added + change.after };
};

/** The region of the change stands in the file a second time; with no number, or with the right one. */
const doubled =
  (isNumbered: boolean): Damage =>
  (change, random) => {
    const hunks = hunksOf(change);
    const [hunk] = hunks;
    if (!hunk || hunks.length > 1 || hunk.lines.some((line) => line.startsWith('\\'))) return null;
    const end = change.before.includes('\r\n') ? '\r\n' : '\n';
    if (!change.before.endsWith('\n') || change.before.startsWith('\uFEFF')) return null;
    const filler = Array.from({ length: random.below(60) }, (_, at) => `// filler ${at}${end}`).join('');
    const old = hunk.lines
      .filter((line) => !line.startsWith('+'))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
    const tail = filler + old + filler;
    const text = write(change, hunks);
    return isNumbered
      ? { text, before: change.before + tail, after: change.after + tail }
      : { text: text.replace(/^@@.*$/gm, '@@ @@'), before: change.before + tail, after: null };
  };

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

export const DAMAGES: Readonly<Record<string, Damage>> = {
  ...SLIPS,
  none: onHunks((hunk) => hunk),
  'numbers off by a few': onHunks((hunk, random) => shift(hunk, random.below(11) - 5)),
  'numbers off by many': onHunks((hunk, random) => shift(hunk, random.below(400) - 200)),
  'all numbers off by the same': (change, random) => {
    const by = random.below(61) - 30;
    return meant(
      change,
      write(
        change,
        hunksOf(change).map((hunk) => shift(hunk, by)),
      ),
    );
  },
  'numbers are all 1': onHunks((hunk) => ({ ...hunk, oldStart: 1, newStart: 1 })),
  'counts wrong': onHunks((hunk, random) => ({
    ...hunk,
    oldLines: Math.max(1, hunk.oldLines + random.below(7) - 3),
    newLines: Math.max(1, hunk.newLines + random.below(7) - 3),
  })),
  'bare @@': onText((text) => text.replace(/^@@.*@@/gm, '@@')),
  'one line of context': onHunks((hunk) => hunk, 1),
  'no context': onHunks((hunk) => hunk, 0),
  'context cut at the ends, counted': onHunks((hunk, random) => recount(dropContext(hunk, random))),
  'context cut at the ends': onHunks(dropContext),
  'a context line left out, counted': onHunks((hunk, random) => recount(dropMiddle(hunk, random))),
  'a context line left out': onHunks(dropMiddle),
  'blanks at line ends lost': onLines((line) => line.replace(/[ \t]+(\r?)$/, '$1')),
  'blanks at line ends gained': onLines((line, random) =>
    isContext(line) && random.chance(0.5) ? line.replace(/(\r?)$/, '  $1') : line,
  ),
  'indentation less by two': onLines((line) => body(line, (text) => text.replace(/^ {2}/, '')), isDeep),
  'indentation more by four': onLines(
    (line) => body(line, (text) => (text.trim() === '' || line.startsWith('\\') ? text : `    ${text}`)),
    isPlain,
  ),
  'indentation lost': onLines((line) => body(line, (text) => text.replace(/^[ \t]+/, ''))),
  'indentation of the hunk lost': onHunks((hunk) => {
    const full = hunk.lines
      .filter((line) => line.slice(1).trim() !== '' && !line.startsWith('\\'))
      .map((line) => line.slice(1));
    const [first = ''] = full;
    const indent = /^[ \t]*/.exec(first)?.[0] ?? '';
    const most =
      [...indent].findLastIndex((_, at) => full.every((line) => line.startsWith(indent.slice(0, at + 1)))) + 1;
    return {
      ...hunk,
      lines: hunk.lines.map((line) =>
        line.startsWith('\\') || line.slice(1).trim() === '' ? line : body(line, (text) => text.slice(most)),
      ),
    };
  }),
  'tabs become spaces': onLines((line) => body(line, (text) => text.replaceAll('\t', '    '))),
  'spaces become tabs': onLines((line) =>
    body(line, (text) => text.replace(/^(?: {2})+/, (blanks) => '\t'.repeat(blanks.length / 2))),
  ),
  'blank context loses its space': onLines((line) => (line === ' ' ? '' : line)),
  'context loses its space': onLines((line) => (isContext(line) ? line.slice(1) : line)),
  'line endings change': (change, random) => {
    if (/\r\n/.test(change.after) && /(^|[^\r])\n/.test(change.after)) return null;
    const text = write(change, hunksOf(change));
    return meant(
      change,
      text.includes('\r\n') || random.chance(0.3) ? text.replaceAll('\r\n', '\n') : text.replace(/\n/g, '\r\n'),
    );
  },
  'no final line break': onText((text) => text.replace(/\n$/, '')),
  '"No newline" lost': (change) =>
    change.before.endsWith('\n') === change.after.endsWith('\n')
      ? meant(change, write(change, hunksOf(change)).replace(/^\\.*\n/gm, ''))
      : null,
  'escaped for HTML': onLines((line) => line.replace(/[<>&]/g, (character) => ENTITIES[character] ?? character)),
  'quotes and dashes made fine': onLines((line) =>
    body(line, (text) => text.replace(/'/g, '’').replace(/ - /g, ' – ')),
  ),
  'no a/ and b/': onText((text) => text.replace(/^--- a\//, '--- ').replace(/\n\+\+\+ b\//, '\n+++ ')),
  'in prose and a fence': onText((text) => `I fix it like this:\n\n\`\`\`diff\n${text}\`\`\`\n\nThis should do.\n`),
  'a hunk twice': (change, random) => {
    const hunks = hunksOf(change);
    return meant(change, write(change, [...hunks, random.pick(hunks)]));
  },
  'hunks out of order': (change) => meant(change, write(change, hunksOf(change).reverse())),
  'cut off': truncate,
  'a removed line altered': alterOne('-'),
  'a context line altered': alterOne(' '),
  'the file moved on there': stale,
  'the file moved on above': grown,
  'the region twice, no numbers': doubled(false),
  'the region twice, right numbers': doubled(true),
  'applied already': (change) => ({ text: write(change, hunksOf(change)), before: change.after, after: null }),
  'another path': (change) => ({
    text: write({ ...change, path: `lib/${change.path}` }, hunksOf(change)),
    before: change.before,
    after: null,
  }),
};

/** Damages of texts that hold lines and no numbers: search blocks and patches. */
export const LINE_DAMAGES: Readonly<Record<string, (line: string) => string>> = {
  'blanks at line ends lost': (line) => line.replace(/[ \t]+(\r?)$/, '$1'),
  'indentation less by two': (line) => line.replace(/^([ +-]?) {2}/, '$1'),
  'indentation lost': (line) => line.replace(/^[ \t]+/, ''),
  'tabs become spaces': (line) => line.replaceAll('\t', '    '),
  'line endings change': (line) => line.replace(/\r$/, ''),
  'escaped for HTML': (line) => line.replace(/[<>&]/g, (character) => ENTITIES[character] ?? character),
  'quotes and dashes made fine': (line) => line.replace(/'/g, '’'),
};
