/** `-p` of add, reset, checkout, restore and commit: asks of each hunk whether it is meant; the answers come from stdin. */
import type { GitCall } from './call.ts';
import { type FileChange, findFileChanges, type Sides } from './changes.ts';
import { type Compared, compareFile, formatDiff } from './diff-output.ts';
import { editFile } from './hooks.ts';
import { applyChosen, type ChosenHunk, hunksOf, hunkText, readEdited, splitHunk } from './hunk-file.ts';

export interface ChosenFile {
  change: FileChange;
  /** The side before, with the chosen changes in it; undefined: the file is not there. */
  withChosen: string | undefined;
  /** The side before, with all changes in it but the chosen ones. */
  withoutChosen: string | undefined;
  /** The change of its mode was chosen; undefined where there is none. */
  mode: boolean | undefined;
}

export interface Asking {
  /** "Stage", "Unstage". */
  verb: string;
  /** Behind the question: " from worktree". */
  where?: string;
  sides: Sides;
  wanted: (path: string) => boolean;
}

/** The files of which something was chosen. */
export async function chooseHunks(call: GitCall, { verb, where = '', sides, wanted }: Asking): Promise<ChosenFile[]> {
  const changes = await findFileChanges(sides, wanted, false);
  const { loadBefore, loadAfter } = sides;
  const output = { changes, loadBefore, loadAfter, formats: new Set(['patch'] as const), context: 3 };
  const chosen: ChosenFile[] = [];
  let asked = 0;
  for (const change of changes) {
    const compared = await compareFile(output, change);
    if (compared.binary) continue;
    asked += 1;
    const patch = await formatDiff({ ...output, changes: [change] });
    const header = patch.slice(0, /^@@ /m.exec(patch)?.index ?? patch.length);
    const dialog = new Dialog(call, { compared, header, verb, where });
    const goesOn = await dialog.ask();
    const file = dialog.result();
    if (file) chosen.push(file);
    if (!goesOn) break;
  }
  if (asked === 0) await call.warn(changes.length > 0 ? 'Only binary files changed.\n' : 'No changes.\n');
  return chosen;
}

const HELP: readonly [string, string][] = [
  ['y', '$V this hunk'],
  ['n', 'do not $V this hunk'],
  ['q', 'quit; do not $V this hunk or any of the remaining ones'],
  ['a', '$V this hunk and all later hunks in the file'],
  ['d', 'do not $V this hunk or any of the later hunks in the file'],
  ['j', 'leave this hunk undecided, see next undecided hunk'],
  ['J', 'leave this hunk undecided, see next hunk'],
  ['k', 'leave this hunk undecided, see previous undecided hunk'],
  ['K', 'leave this hunk undecided, see previous hunk'],
  ['g', 'select a hunk to go to'],
  ['/', 'search for a hunk matching the given regex'],
  ['s', 'split the current hunk into smaller hunks'],
  ['e', 'manually edit the current hunk'],
  ['?', 'print help'],
];

/** The change of a mode is asked for first, as a hunk without lines. */
const isMode = ({ changes }: ChosenHunk) => changes.length === 0;

class Dialog {
  readonly #call: GitCall;
  readonly #compared: Compared;
  readonly #header: string;
  readonly #about: string;
  readonly #verb: string;
  readonly #where: string;
  #hunks: ChosenHunk[];
  #at = 0;

  constructor(
    call: GitCall,
    { compared, header, verb, where }: { compared: Compared; header: string; verb: string; where: string },
  ) {
    this.#call = call;
    this.#compared = compared;
    this.#verb = verb;
    this.#where = where;
    const { before, after } = compared.change;
    const mode = before && after && before.mode !== after.mode;
    // What says that a file is made, is removed or has another mode is part of what is asked for.
    const told = /^(?:(?:new file|deleted file)[\s\S]*|old mode .*\nnew mode .*\n)/m.exec(header)?.[0] ?? '';
    this.#about = told;
    this.#header = header.replace(told, '');
    this.#hunks = hunksOf(compared, !before || !after);
    if (mode || this.#hunks.length === 0)
      this.#hunks.unshift({ changes: [], start: 0, end: 0, heading: '', use: undefined });
  }

  /** False when the rest of the files is not asked for, either. */
  async ask(): Promise<boolean> {
    let shown = this.#header;
    let goesOn = true;
    for (let hunk = this.#hunks[0]; hunk && this.#hunks.some(({ use }) => use === undefined); ) {
      const options = this.#options(hunk);
      await this.#call.print(shown + this.#textOf(hunk));
      shown = '';
      await this.#call.print(
        `(${this.#at + 1}/${this.#hunks.length}) ${this.#verb} ${this.#what(hunk)}${this.#where} [y,n,q,a,d${options.map((option) => `,${option}`).join('')},?]? `,
      );
      await this.#call.context.stdout.flush();
      const bytes = await this.#call.context.stdin.takeLine();
      const answer = new TextDecoder().decode(bytes).trim();
      if (bytes.length === 0 || answer === 'q') {
        goesOn = bytes.length === 0;
        break;
      }
      await this.#take(hunk, answer, options);
      hunk = this.#hunks[this.#at];
    }
    await this.#call.print('\n');
    return goesOn;
  }

  result(): ChosenFile | undefined {
    const { change } = this.#compared;
    const chosen = this.#hunks.filter(({ use }) => use === true);
    if (chosen.length === 0) return undefined;
    const lines = this.#hunks.filter((hunk) => !isMode(hunk));
    const mode = this.#hunks.find(isMode)?.use;
    const apply = (meant: boolean) =>
      applyChosen(
        this.#compared,
        lines.filter(({ use }) => (use === true) === meant),
      );
    const all = chosen.length === this.#hunks.length;
    return {
      change,
      mode,
      withChosen: change.after || !all ? apply(true) : undefined,
      withoutChosen: change.before || !all ? apply(false) : undefined,
    };
  }

  #textOf(hunk: ChosenHunk): string {
    const { before, after } = this.#compared.change;
    if (isMode(hunk)) return this.#about;
    return (before && after ? '' : this.#about) + hunkText(this.#compared, hunk);
  }

  #what(hunk: ChosenHunk): string {
    const { before, after } = this.#compared.change;
    if (!before) return 'addition';
    if (!after) return 'deletion';
    return isMode(hunk) ? 'mode change' : 'this hunk';
  }

  #undecided(step: 1 | -1): number | undefined {
    for (let at = this.#at + step; at >= 0 && at < this.#hunks.length; at += step)
      if (this.#hunks[at]?.use === undefined) return at;
    return undefined;
  }

  #options(hunk: ChosenHunk): string[] {
    const several = this.#hunks.length > 1;
    const options = [];
    if (this.#undecided(-1) !== undefined) options.push('k');
    if (this.#at > 0) options.push('K');
    if (this.#undecided(1) !== undefined) options.push('j');
    if (this.#at + 1 < this.#hunks.length) options.push('J');
    if (several) options.push('g', '/');
    if (hunk.changes.length > 1) options.push('s');
    if (!isMode(hunk) && this.#compared.change.after) options.push('e');
    return options;
  }

  async #take(hunk: ChosenHunk, answer: string, options: readonly string[]): Promise<void> {
    const letter = /^[YNADSE]/.test(answer) ? answer[0]?.toLowerCase() : answer[0];
    const rest = answer.slice(1).trim();
    switch (letter) {
      case 'y':
      case 'n':
        hunk.use = letter === 'y';
        this.#at = this.#undecided(1) ?? this.#undecided(-1) ?? this.#at;
        return;
      case 'a':
      case 'd':
        for (const later of this.#hunks.slice(this.#at)) later.use ??= letter === 'a';
        this.#at = this.#undecided(-1) ?? this.#at;
        return;
      case 'j':
      case 'J':
        return await this.#go(letter === 'j' ? this.#undecided(1) : this.#at + 1, 'next');
      case 'k':
      case 'K':
        return await this.#go(letter === 'k' ? this.#undecided(-1) : this.#at - 1, 'previous');
      case 'g':
        if (!options.includes('g')) return await this.#call.warn('No other hunks to goto\n');
        return await this.#goTo(rest);
      case '/':
        if (!options.includes('/')) return await this.#call.warn('No other hunks to search\n');
        return await this.#search(rest);
      case 's': {
        if (!options.includes('s')) return await this.#call.warn('Sorry, cannot split this hunk\n');
        const parts = splitHunk(hunk);
        this.#hunks.splice(this.#at, 1, ...parts);
        return await this.#call.print(`Split into ${parts.length} hunks.\n`);
      }
      case 'e':
        if (!options.includes('e')) return await this.#call.warn('Sorry, cannot edit this hunk\n');
        return await this.#edit(hunk);
      default:
        return await this.#help(options);
    }
  }

  async #go(to: number | undefined, where: string): Promise<void> {
    if (to === undefined || !this.#hunks[to]) await this.#call.warn(`No ${where} hunk\n`);
    else this.#at = to;
  }

  async #goTo(text: string): Promise<void> {
    const number = Number(text);
    if (!/^\d+$/.test(text)) await this.#call.warn(`Invalid number: '${text}'\n`);
    else if (this.#hunks[number - 1]) this.#at = number - 1;
    else await this.#call.warn(`Sorry, only ${this.#hunks.length} hunks available.\n`);
  }

  async #search(text: string): Promise<void> {
    const order = [...this.#hunks.keys()].map((index) => (this.#at + 1 + index) % this.#hunks.length);
    const pattern = new RegExp(text, 'u');
    const found = order.find((index) => pattern.test(hunkText(this.#compared, this.#hunks[index] as ChosenHunk)));
    if (found === undefined) await this.#call.warn('No hunk matches the given pattern\n');
    else this.#at = found;
  }

  async #edit(hunk: ChosenHunk): Promise<void> {
    const name = 'addp-hunk-edit.diff';
    const repository = this.#call.repository();
    repository.writeState(
      name,
      `# Manual hunk edit mode -- see bottom for a quick guide.\n${hunkText(this.#compared, hunk)}# ---\n# To remove '-' lines, make them ' ' lines (context).\n# To remove '+' lines, delete them.\n# Lines starting with # will be removed.\n`,
    );
    await editFile(this.#call, name);
    const edited = readEdited(this.#compared, hunk, repository.readState(name) ?? '');
    repository.writeState(name, undefined);
    if (!edited) return await this.#call.warn('error: your edited hunk does not apply\n');
    hunk.edited = edited;
    hunk.use = true;
    this.#at = this.#undecided(1) ?? this.#undecided(-1) ?? this.#at;
  }

  async #help(options: readonly string[]): Promise<void> {
    const verb = `${this.#verb.toLowerCase()}`;
    const lines = HELP.filter(([letter]) => 'ynqad?'.includes(letter) || options.includes(letter)).map(
      ([letter, text]) => `${letter} - ${text.replace('$V', verb)}${''}\n`,
    );
    await this.#call.print(lines.join(''));
  }
}
