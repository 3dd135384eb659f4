import { describe, expect, it } from 'vitest';
import { LineEditor, readKey } from './line-editor.ts';

/** Types into a new line; gives the text, what the screen got, and how it ended. */
async function type(typed: string, { history = [] as string[], columns = 80 } = {}) {
  const bytes = [...new TextEncoder().encode(typed)];
  const editor = new LineEditor('$ ', columns, history);
  let screen = '';
  for (;;) {
    const key = await readKey(async () => bytes.shift() ?? null);
    if (key === null) return { text: editor.text, screen, result: undefined, rest: bytes.length };
    const pressed = editor.press(key);
    screen += pressed.screen;
    if (pressed.result) return { text: editor.text, screen, result: pressed.result.kind, rest: bytes.length };
  }
}

describe('the line editor', () => {
  it('shows what is typed as it is, and stops at the end of the line', async () => {
    expect(await type('echo hi\rnext')).toEqual({ text: 'echo hi', screen: 'echo hi\n', result: 'line', rest: 4 });
  });

  it('edits at the cursor', async () => {
    expect((await type('abd\x1b[Dc')).text).toBe('abcd');
    expect((await type('world\x01hello \x05!')).text).toBe('hello world!');
    expect((await type('abc\x7f\x7fé\x7fx')).text).toBe('ax');
    expect((await type('abc\x01\x1b[3~\x04')).text).toBe('c');
    expect((await type('one two\x17three')).text).toBe('one three');
    expect((await type('one two\x1bb\x0b\x19\x19')).text).toBe('one twotwo');
    expect((await type('gone\x15kept')).text).toBe('kept');
  });

  it('goes through the history and back to what was being typed', async () => {
    const history = ['first', 'second'];
    expect((await type('new\x1b[A', { history })).text).toBe('second');
    expect((await type('new\x1b[A\x1b[A\x1b[A', { history })).text).toBe('first');
    expect((await type('new\x1b[A\x1b[A\x1b[B\x1b[B', { history })).text).toBe('new');
  });

  it('ends on Ctrl-C, and on Ctrl-D when it is empty', async () => {
    expect(await type('abc\x03')).toMatchObject({ screen: 'abc^C\n', result: 'interrupt' });
    expect(await type('\x04')).toMatchObject({ result: 'end' });
    expect(await type('a\x01\x04')).toMatchObject({ text: '', result: undefined });
  });

  it('redraws a line that is longer than a row from the row of its prompt', async () => {
    const { screen } = await type('abcdefghij\x01x', { columns: 8 });
    const line = (text: string) => `\r\x1b[J$ ${text}\x1b[1A\r`;
    expect(screen).toBe(`abcdef\nghij\x1b[1A${line('abcdefghij')}\x1b[2C${line('xabcdefghij')}\x1b[3C`);
    expect((await type('abcdef\r', { columns: 8 })).screen).toBe('abcdef\n');
  });
});
