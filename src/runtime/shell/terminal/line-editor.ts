/**
 * Editing of one line on a terminal: a text, a cursor and a history, changed by keys. It knows no terminal: each key gives back
 * what is to be written to the screen.
 */
export type EditorResult =
  | { kind: 'line'; text: string }
  | { kind: 'interrupt' }
  | { kind: 'end' }
  | { kind: 'complete' };

/** A key: a character, or the name of a key that has none. */
export type Key =
  | { kind: 'character'; text: string }
  | { kind: 'control'; letter: string }
  | { kind: 'named'; name: 'up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'delete' | 'word-left' | 'word-right' };

const CLEAR_BELOW = '\x1b[J';

export class LineEditor {
  readonly prompt: string;
  /** Columns of the terminal. */
  columns: number;
  #characters: string[] = [];
  #cursor = 0;
  /** Row of the cursor, counted from the row of the prompt. */
  #row = 0;
  readonly #history: readonly string[];
  /** Place in the history; its length is the new line. */
  #place: number;
  #draft = '';
  #killed = '';

  constructor(prompt: string, columns: number, history: readonly string[]) {
    this.prompt = prompt;
    this.columns = columns;
    this.#history = history;
    this.#place = history.length;
  }

  get text(): string {
    return this.#characters.join('');
  }

  get beforeCursor(): string {
    return this.#characters.slice(0, this.#cursor).join('');
  }

  /** What the key shows, and what it means beyond the line. */
  press(key: Key): { screen: string; result?: EditorResult } {
    if (key.kind === 'character') return { screen: this.insert(key.text) };
    if (key.kind === 'named') return { screen: this.#move(key.name) };
    switch (key.letter) {
      case 'M':
      case 'J':
        return { screen: this.#finish(), result: { kind: 'line', text: this.text } };
      case 'C':
        return { screen: `^C${this.#finish()}`, result: { kind: 'interrupt' } };
      case 'D':
        if (this.#characters.length === 0) return { screen: '\n', result: { kind: 'end' } };
        return { screen: this.#move('delete') };
      case 'I':
        return { screen: '', result: { kind: 'complete' } };
      default:
        return { screen: this.#edit(key.letter) };
    }
  }

  /** Inserts at the cursor. */
  insert(text: string): string {
    const added = [...text];
    this.#characters.splice(this.#cursor, 0, ...added);
    this.#cursor += added.length;
    if (this.#cursor < this.#characters.length) return this.redraw();
    let shown = '';
    for (let at = this.#cursor - added.length; at < this.#cursor; at++) {
      // A full row: a terminal would stay on it until the next character.
      shown += (this.#characters[at] ?? '') + (this.#offset(at + 1) % this.columns === 0 ? '\n' : '');
    }
    this.#row = Math.floor(this.#offset(this.#cursor) / this.columns);
    return shown;
  }

  /** The whole line anew. */
  redraw(): string {
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : '';
    const total = this.#offset(this.#characters.length);
    const lastRow = Math.floor(total / this.columns);
    const wrap = total > 0 && total % this.columns === 0 ? '\n' : '';
    const at = this.#offset(this.#cursor);
    this.#row = Math.floor(at / this.columns);
    const back = lastRow > this.#row ? `\x1b[${lastRow - this.#row}A` : '';
    const column = at % this.columns;
    const right = column > 0 ? `\x1b[${column}C` : '';
    return `${up}\r${CLEAR_BELOW}${this.prompt}${this.text}${wrap}${back}\r${right}`;
  }

  /** Shows the prompt and the line below what was written meanwhile. */
  redrawBelow(): string {
    this.#row = 0;
    return this.redraw();
  }

  /** Columns from the start of the prompt's last line to a character. */
  #offset(index: number): number {
    const prompt = this.prompt.slice(this.prompt.lastIndexOf('\n') + 1).replace(ESCAPES, '');
    return prompt.length + index;
  }

  #finish(): string {
    const isAtEnd = this.#cursor === this.#characters.length;
    this.#cursor = this.#characters.length;
    const isOnFreshRow = this.#offset(this.#cursor) % this.columns === 0;
    return `${isAtEnd ? '' : this.redraw()}${isOnFreshRow ? '' : '\n'}`;
  }

  #edit(letter: string): string {
    switch (letter) {
      case 'H':
      case '?':
        if (this.#cursor === 0) return '';
        this.#cursor -= 1;
        return this.#cut(this.#cursor, this.#cursor + 1);
      case 'A':
        return this.#move('home');
      case 'E':
        return this.#move('end');
      case 'B':
        return this.#move('left');
      case 'F':
        return this.#move('right');
      case 'P':
        return this.#move('up');
      case 'N':
        return this.#move('down');
      case 'U':
        return this.#kill(0, this.#cursor);
      case 'K':
        return this.#kill(this.#cursor, this.#characters.length);
      case 'W':
        return this.#kill(this.#wordLeft(/\s/), this.#cursor);
      case 'Y':
        return this.insert(this.#killed);
      case 'L':
        return `\x1b[H\x1b[2J${this.redrawBelow()}`;
      default:
        return '';
    }
  }

  #kill(from: number, to: number): string {
    this.#killed = this.#characters.slice(from, to).join('');
    this.#cursor = from;
    return this.#cut(from, to);
  }

  #cut(from: number, to: number): string {
    this.#characters.splice(from, to - from);
    return this.redraw();
  }

  #move(name: Extract<Key, { kind: 'named' }>['name']): string {
    const { length } = this.#characters;
    switch (name) {
      case 'left':
        this.#cursor = Math.max(0, this.#cursor - 1);
        return this.redraw();
      case 'right':
        this.#cursor = Math.min(length, this.#cursor + 1);
        return this.redraw();
      case 'home':
        this.#cursor = 0;
        return this.redraw();
      case 'end':
        this.#cursor = length;
        return this.redraw();
      case 'word-left':
        this.#cursor = this.#wordLeft(/\W/);
        return this.redraw();
      case 'word-right':
        while (this.#cursor < length && /\W/.test(this.#characters[this.#cursor] ?? '')) this.#cursor += 1;
        while (this.#cursor < length && /\w/.test(this.#characters[this.#cursor] ?? '')) this.#cursor += 1;
        return this.redraw();
      case 'delete':
        return this.#cursor < length ? this.#cut(this.#cursor, this.#cursor + 1) : '';
      case 'up':
      case 'down':
        return this.#recall(name === 'up' ? -1 : 1);
    }
  }

  /** Where the word before the cursor begins. */
  #wordLeft(border: RegExp): number {
    let at = this.#cursor;
    while (at > 0 && border.test(this.#characters[at - 1] ?? '')) at -= 1;
    while (at > 0 && !border.test(this.#characters[at - 1] ?? '')) at -= 1;
    return at;
  }

  #recall(step: number): string {
    const place = this.#place + step;
    if (place < 0 || place > this.#history.length) return '';
    if (this.#place === this.#history.length) this.#draft = this.text;
    this.#place = place;
    this.#characters = [...(this.#history[place] ?? this.#draft)];
    this.#cursor = this.#characters.length;
    return this.redraw();
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours take no room
const ESCAPES = /\x1b\[[\d;]*[A-Za-z]/g;

const SEQUENCES: Readonly<Record<string, Extract<Key, { kind: 'named' }>['name']>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[3~': 'delete',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end',
  b: 'word-left',
  f: 'word-right',
  '[1;5D': 'word-left',
  '[1;5C': 'word-right',
};

/** Reads one key, a byte at a time: what is typed behind a line is for whoever reads next. Null at the end of input. */
export async function readKey(nextByte: () => Promise<number | null>): Promise<Key | null> {
  const byte = await nextByte();
  if (byte === null) return null;
  if (byte === 0x1b) return await readSequence(nextByte);
  if (byte < 32 || byte === 127) return { kind: 'control', letter: String.fromCharCode(byte ^ 64) };
  const bytes = [byte];
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  while (bytes.length < length) bytes.push((await nextByte()) ?? 0);
  return { kind: 'character', text: new TextDecoder().decode(new Uint8Array(bytes)) };
}

/** What follows an escape; a sequence that means nothing here is passed over. */
async function readSequence(nextByte: () => Promise<number | null>): Promise<Key | null> {
  let text = '';
  for (;;) {
    const byte = await nextByte();
    if (byte === null) return null;
    text += String.fromCharCode(byte);
    const isOpen = text === '[' || text === 'O' || /^\[[\d;]*$/.test(text);
    if (!isOpen) break;
  }
  const name = SEQUENCES[text];
  return name === undefined ? await readKey(nextByte) : { kind: 'named', name };
}
