/** The results as one page that needs nothing else: tables that can be sorted, light and dark. */
import { createHash } from 'node:crypto';
import { describeLeftCount } from '../../session/state/describe-left-by.ts';
import { SCRIPT, STYLE } from './page-assets.ts';
import type { EvalRow } from './results.ts';
import { type Group, groupByModel, groupByTask } from './summary.ts';

/** Text that is HTML already; all else is escaped. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPED[char] ?? char);

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escaped(String(part));
}

/** A template whose values are escaped. */
function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: texts }, ...parts.map(render)));
}

interface Column<Item> {
  readonly title: string;
  readonly isNumber?: boolean;
  /** Of text that is read from the left, whatever it is sorted by. */
  readonly isWide?: boolean;
  /** What is sorted by; null, the unknown, comes last. */
  key(item: Item): string | number | null;
  /** What is shown, where it is not the key. */
  show?(item: Item): Part;
}

function table<Item>(id: string, columns: readonly Column<Item>[], items: readonly Item[]): Html {
  const className = ({ isNumber, isWide }: Column<Item>) => `${isNumber ? 'number' : 'name'}${isWide ? ' wide' : ''}`;
  const heads = columns.map(
    (column) => html`<th scope="col" class="${className(column)}"><button type="button">${column.title}</button></th>`,
  );
  const rows = items.map((item) => {
    const cells = columns.map((column) => {
      const { key, show } = column;
      const value = key(item);
      const shown = show ? show(item) : (value ?? '–');
      return html`<td class="${className(column)}" data-key="${value ?? ''}">${shown}</td>`;
    });
    return html`<tr>${cells}</tr>\n`;
  });
  return html`<div class="scroll"><table id="${id}"><thead><tr>${heads}</tr></thead><tbody>\n${rows}</tbody></table></div>`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const fixed = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));
const dollars = (value: number | null): string => (value === null ? 'unknown' : `$${value.toFixed(4)}`);

function rateOf({ rate, low, high, runs, successes }: Group): Html {
  if (rate === null) return html`–`;
  const bar = html`<span class="interval" aria-hidden="true"><span style="left:${low * 100}%;right:${(1 - high) * 100}%"></span><i style="left:${rate * 100}%"></i></span>`;
  return html`${bar}${percent(rate)} <span class="soft">(${successes} of ${runs}; ${percent(low)} to ${percent(high)})</span>`;
}

const tokensOf = ({ inputTokens, outputTokens }: Group) =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;

const FIGURES: readonly Column<Group>[] = [
  { title: 'Success', isNumber: true, isWide: true, key: ({ rate }) => rate, show: rateOf },
  { title: 'Visible only', isNumber: true, key: ({ visibleOnly }) => visibleOnly },
  { title: 'Claimed only', isNumber: true, key: ({ claimed }) => claimed },
  { title: 'Crashed', isNumber: true, key: ({ errors }) => errors },
  { title: 'Attempts', isNumber: true, key: ({ attempts }) => attempts, show: ({ attempts }) => fixed(attempts, 1) },
  { title: 'Steps', isNumber: true, key: ({ steps }) => steps, show: ({ steps }) => fixed(steps, 1) },
  { title: 'Tokens', isNumber: true, key: tokensOf, show: (group) => fixed(tokensOf(group), 0) },
  {
    title: 'Cost',
    isNumber: true,
    key: ({ cost }) => cost,
    show: ({ cost, runs, errors }) => (runs === errors ? '–' : dollars(cost)),
  },
  { title: 'Seconds', isNumber: true, key: ({ seconds }) => seconds, show: ({ seconds }) => fixed(seconds, 1) },
];
const NAMES: readonly Column<Group>[] = [
  { title: 'Model', key: ({ model }) => model },
  { title: 'Strategy', key: ({ strategy }) => strategy },
];

const RUNS: readonly Column<EvalRow>[] = [
  { title: 'Task', key: ({ task }) => task },
  { title: 'Model', key: ({ model }) => model },
  { title: 'Strategy', key: ({ strategy }) => strategy },
  { title: 'Run', isNumber: true, key: ({ repetition }) => repetition },
  { title: 'Outcome', key: (row) => outcomeOf(row).text, show: describeOutcome },
  { title: 'Tests', isNumber: true, key: ({ tests }) => tests?.passed ?? null, show: describeTests },
  { title: 'Lint', key: ({ lint }) => passes(lint) },
  { title: 'Types', key: ({ types }) => passes(types) },
  {
    title: 'Lines',
    isNumber: true,
    key: ({ diff }) => (diff ? diff.linesAdded + diff.linesRemoved : null),
    show: describeDiff,
  },
  { title: 'Attempts', isNumber: true, key: ({ attempts }) => attempts },
  { title: 'Steps', isNumber: true, key: ({ steps }) => steps },
  { title: 'Tokens', isNumber: true, key: ({ inputTokens, outputTokens }) => inputTokens + outputTokens },
  { title: 'Cost', isNumber: true, key: ({ cost }) => cost, show: ({ cost }) => dollars(cost) },
  { title: 'Seconds', isNumber: true, key: ({ seconds }) => seconds, show: ({ seconds }) => fixed(seconds, 1) },
  {
    title: 'Session',
    key: ({ session }) => session,
    show: ({ session }) => (session === null ? '–' : html`<a href="${session}">file</a>`),
  },
];

const passes = (result: boolean | null): string | null => (result === null ? null : result ? 'passes' : 'new problems');

function outcomeOf({ outcome, error, success, hidden, solved, left, proof }: EvalRow): { text: string; tone: string } {
  if (error !== null || outcome === null) return { text: 'crashed', tone: 'bad' };
  if (proof === 'agent' || proof === 'person') {
    const why = left ? describeLeftCount(left.tests, left.by) : 'but no test says so';
    return { text: `${proof === 'agent' ? 'claimed' : 'solved'}, ${why}`, tone: 'odd' };
  }
  if (success && left)
    return {
      text: `solved${hidden ? ', held-out tests too' : ''}, ${describeLeftCount(left.tests, left.by)}`,
      tone: 'good',
    };
  if (success) return { text: hidden ? 'solved, held-out tests too' : 'solved', tone: 'good' };
  if (solved) return { text: 'passes the visible tests, fails the held-out ones', tone: 'odd' };
  return { text: outcome, tone: 'bad' };
}

function describeOutcome(row: EvalRow): Html {
  const { text, tone } = outcomeOf(row);
  return html`<details><summary class="${tone}">${text}</summary><pre>${row.error ?? row.explanation}</pre></details>`;
}

function describeTests({ tests, newFailures }: EvalRow): string {
  if (tests === null) return '–';
  const more = newFailures > 0 ? `, ${newFailures} newly failing` : '';
  return `${tests.passed} of ${tests.passed + tests.failed}${more}`;
}

function describeDiff({ diff }: EvalRow): string {
  if (diff === null) return '–';
  const tests = diff.testFiles > 0 ? `, ${diff.testFiles} of tests` : '';
  return `+${diff.linesAdded} −${diff.linesRemoved} in ${diff.files}${tests}`;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** `createdAt`: ISO 8601. */
export function renderResults(rows: readonly EvalRow[], createdAt: string): string {
  // Widths of the bars are styles of their own; scripts are this one only.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashOf(SCRIPT)}`;
  const byTask: readonly Column<Group>[] = [{ title: 'Task', key: ({ task }) => task }, ...NAMES, ...FIGURES];
  const tasks = new Set(rows.map(({ task }) => task)).size;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation: ${rows.length} runs of ${tasks} tasks</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<h1>Evaluation</h1>
<p>${rows.length} runs of ${tasks} tasks, ${createdAt.slice(0, 16).replace('T', ' ')} UTC.</p>
<h2>Models and strategies</h2>
<p>The bar is what the true rate may be, seen from n runs (Wilson's interval at 95 %); the mark is the rate that was seen. Figures are means a run. A run that crashed counts as no success; one that was stopped does not count.</p>
${table('models', [...NAMES, ...FIGURES], groupByModel(rows))}
<h2>Tasks</h2>
${table('tasks', byTask, groupByTask(rows))}
<h2>Runs</h2>
<p>“Visible only” is a run that passes the visible tests and fails the held-out ones: no success. “Claimed only” is one that ended as solved by the agent's own word, with tests that fail as before or with a test command that says nothing: no success either.</p>
<input type="search" placeholder="Show runs with these words" aria-label="Show runs with these words">
${table('runs', RUNS, rows)}
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`;
  return document.text;
}
