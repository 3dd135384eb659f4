/** bash's `select`: a numbered menu, a prompt, and the body of the loop for each answer. */
import { greatest } from '../kernel/large-lists.ts';
import type { Shell } from './shell.ts';
import { Reader, Writer } from './streams.ts';

/** As bash: the end of input is told, too. */
const ENDED = 1;
const TAB = 8;

/** `runBody` runs the loop's body once, and says whether the loop ends. */
export async function runSelect(
  shell: Shell,
  { name, items }: { name: string; items: readonly string[] },
  runBody: () => Promise<boolean>,
): Promise<number> {
  if (items.length === 0) return 0;
  const screen = new Writer(shell.descriptors.get(2));
  const list = menu(items, Number(shell.getVariable('COLUMNS')) || 80);
  for (let isShown = false; ; ) {
    shell.abort.signal.throwIfAborted();
    await screen.print(`${isShown ? '' : list}${shell.getVariable('PS3') ?? '#? '}`);
    isShown = true;
    const line = new TextDecoder().decode(await new Reader(shell.descriptors.get(0)).takeLine());
    if (line === '') {
      await new Writer(shell.descriptors.get(1)).print('\n');
      return ENDED;
    }
    const reply = line.replace(/\n$/, '');
    shell.setVariable('REPLY', reply);
    if (reply === '') {
      isShown = false;
      continue;
    }
    shell.setVariable(name, (/^\s*\d+\s*$/.test(reply) && items[Number(reply) - 1]) || '');
    if (await runBody()) return shell.status;
    isShown = shell.getVariable('REPLY') !== '';
  }
}

/** In columns, filled one by one. */
function menu(items: readonly string[], columns: number): string {
  const digits = String(items.length).length;
  const width = greatest(items.map((item) => item.length)) + digits + 4;
  const perRow = Math.max(1, Math.floor(columns / width));
  const needed = Math.ceil(items.length / perRow);
  const rows = needed === 1 ? items.length : needed;
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    let line = '';
    let end = 0;
    for (let index = row; index < items.length; index += rows) {
      const place = Math.floor(index / rows) * width;
      line += between(end, place);
      const number = String(index + 1).padStart(index < rows ? String(rows).length : digits);
      line += `${number}) ${items[index]}`;
      end = place + number.length + 2 + (items[index]?.length ?? 0);
    }
    lines.push(`${line}\n`);
  }
  return lines.join('');
}

/** Tabs as far as they go, then blanks. */
function between(from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; ) {
    const isTab = Math.floor(to / TAB) > Math.floor(at / TAB);
    text += isTab ? '\t' : ' ';
    at += isTab ? TAB - (at % TAB) : 1;
  }
  return text;
}
