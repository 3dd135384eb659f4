import { expect, it } from 'vitest';
import { readReport } from './reports.ts';

const PLACE = { pathname: '/', search: '', hash: '' };
const EXCEPTION = { type: 'PREVIEW_UNCAUGHT_EXCEPTION', message: 'm', stack: 's', ...PLACE };
const CONSOLE = { type: 'PREVIEW_CONSOLE_ERROR', args: ['a', { b: 1 }], stack: 's', ...PLACE };
const all = { script: null, forwardErrors: true };

it('takes what the script of a page reports', () => {
  expect(readReport(JSON.stringify(EXCEPTION), all)).toEqual(EXCEPTION);
  expect(readReport(JSON.stringify(CONSOLE), all)).toEqual(CONSOLE);
});

it('leaves out what a page says of who it is, and whatever else', () => {
  const forged = { ...EXCEPTION, port: 1, previewId: 'another', more: true };
  expect(readReport(JSON.stringify(forged), all)).toEqual(EXCEPTION);
});

it.each([
  'null',
  '5',
  '{',
  '[]',
  '{}',
  JSON.stringify({ ...EXCEPTION, type: 'port' }),
  JSON.stringify({ ...EXCEPTION, message: {} }),
  JSON.stringify({ ...EXCEPTION, pathname: undefined }),
  JSON.stringify({ ...CONSOLE, args: { length: 1 } }),
])('takes no %s', (text) => {
  expect(readReport(text, all)).toBeNull();
});

it('takes only what the client asked for', () => {
  const read = (report: object, forwardErrors: boolean | 'exceptions-only') =>
    readReport(JSON.stringify(report), { script: null, forwardErrors }) !== null;
  expect([read(EXCEPTION, false), read(CONSOLE, false)]).toEqual([false, false]);
  expect([read(EXCEPTION, 'exceptions-only'), read(CONSOLE, 'exceptions-only')]).toEqual([true, false]);
});
