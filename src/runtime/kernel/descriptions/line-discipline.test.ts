import { describe, expect, it } from 'vitest';
import {
  DEFAULT_ATTRIBUTES,
  ECHO,
  ICANON,
  ISIG,
  rawAttributes,
  type TerminalAttributes,
} from '../terminal-attributes.ts';
import { LineDiscipline } from './line-discipline.ts';

/** What is typed, as the terminal of Linux shows and passes it on. */
function typed(
  text: string,
  attributes?: Partial<TerminalAttributes>,
): { screen: string; read: string[]; signals: number[] } {
  const result = { screen: '', read: [] as string[], signals: [] as number[] };
  const line = new LineDiscipline({
    deliver: (bytes) => void result.read.push(new TextDecoder().decode(bytes)),
    echo: (shown) => {
      result.screen += shown;
    },
    signal: (signal) => void result.signals.push(signal),
  });
  if (attributes) line.attributes = { ...DEFAULT_ATTRIBUTES, ...attributes };
  line.type(new TextEncoder().encode(text));
  return result;
}

describe('a line that is typed', () => {
  it('is read when it is complete', () => {
    expect(typed('one\rtw')).toEqual({ screen: 'one\ntw', read: ['one\n'], signals: [] });
  });

  it('loses its last character, word, or all of it', () => {
    expect(typed('hello\x7f\x7fp\r')).toMatchObject({ screen: 'hello\b \b\b \bp\n', read: ['help\n'] });
    expect(typed('a bc \x17d\r')).toMatchObject({ screen: `a bc ${'\b \b'.repeat(3)}d\n`, read: ['a d\n'] });
    expect(typed('abc\x15x\r')).toMatchObject({ screen: `abc${'\b \b'.repeat(3)}x\n`, read: ['x\n'] });
  });

  it('loses a character of several bytes, or of two columns, as a whole', () => {
    expect(typed('é\x7fü\r')).toMatchObject({ screen: 'é\b \bü\n', read: ['ü\n'] });
    expect(typed('\x01\x7f\r')).toMatchObject({ screen: '^A\b \b\b \b\n', read: ['\n'] });
  });

  it('shows control characters, and takes the next one as it is after Ctrl-V', () => {
    expect(typed('\x1b[A\t\r')).toMatchObject({ screen: '^[[A\t\n', read: ['\x1b[A\t\n'] });
    expect(typed('a\x16\x03b\r')).toEqual({ screen: 'a^\b^Cb\n', read: ['a\x03b\n'], signals: [] });
  });

  it('is given up for a signal', () => {
    expect(typed('abc\x03\x1cx\r')).toEqual({ screen: 'abc^C^\\x\n', read: ['x\n'], signals: [2, 3] });
  });

  it('is read without its end on Ctrl-D, which alone is the end of input', () => {
    expect(typed('ab\x04\x04')).toMatchObject({ screen: 'ab', read: ['ab', ''] });
  });
});

describe('a terminal with other attributes', () => {
  const without = (bits: number) => ({ local: DEFAULT_ATTRIBUTES.local & ~bits });

  it('shows nothing without echo, and reads the same', () => {
    expect(typed('pax\x7fss\r\x03', without(ECHO))).toEqual({ screen: '', read: ['pass\n'], signals: [2] });
  });

  it('gives characters at once when it reads no lines', () => {
    expect(typed('ab\x7f\r\x03', without(ICANON))).toEqual({ screen: 'ab^?\n^C', read: [], signals: [2] });
    expect(typed('ab\x7f\r', without(ICANON))).toEqual({ screen: 'ab^?\n', read: ['ab\x7f\n'], signals: [] });
  });

  it('reads what would signal', () => {
    expect(typed('\x03\r', without(ISIG))).toEqual({ screen: '^C\n', read: ['\x03\n'], signals: [] });
  });

  it('passes everything when it is raw', () => {
    expect(typed('é\x03\r\x04', rawAttributes(DEFAULT_ATTRIBUTES))).toEqual({
      screen: '',
      read: ['é\x03\r\x04'],
      signals: [],
    });
  });
});
