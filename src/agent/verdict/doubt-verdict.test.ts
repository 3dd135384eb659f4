import { expect, test } from 'vitest';
import type { TestResult, Verdict } from '../../session/values.ts';
import { doubtOf } from './doubt-verdict.ts';

const FILES = {
  'package.json': JSON.stringify({ scripts: { test: 'node --test' } }),
  'test/a.test.js': "const test = require('node:test');\n",
  'test/plain.test.js': "require('assert').ok(true);\n",
};
const verdict = (exitCode: number, results: Readonly<Record<string, TestResult['status']>>): Verdict => {
  const tests = Object.entries(results).map(([name, status]) => ({ name: name.split(' > '), status }));
  const count = (status: string) => tests.filter((each) => each.status === status).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  return { exitCode, passed: exitCode === 0 && counts.failed === 0, format: 'node:test', counts, tests };
};
const SILENT: Verdict = { exitCode: 0, passed: true, format: null, counts: null, tests: [] };
const place = (before: Verdict | null, files: Readonly<Record<string, string>> = FILES) => ({
  before,
  startFiles: FILES,
  files,
  command: 'npm test',
});
const BEFORE = verdict(1, { 'sum > adds': 'failed', 'sum > adds more': 'failed' });

test('all tests that ran before ran again, and more: no doubt', () => {
  expect(doubtOf(verdict(0, { 'sum > adds': 'passed', 'sum > adds more': 'passed' }), place(BEFORE))).toBeNull();
  const crashed = verdict(1, { 'test/a.test.js': 'failed' });
  expect(doubtOf(verdict(0, { 'sum > adds': 'passed' }), place(crashed))).toBeNull();
  // Names may change with the code, as long as none is missing.
  expect(doubtOf(verdict(0, { 'sum > adds in 3 ms': 'passed', 'sum > b': 'passed' }), place(BEFORE))).toBeNull();
});

test('tests that vanish make no pass', () => {
  expect(doubtOf(verdict(0, { 'sum > adds': 'passed' }), place(BEFORE))).toContain('"sum > adds more"');
});

test('a file that ends before its tests are reported makes no pass; one without tests does', () => {
  const crashed = verdict(1, { 'test/a.test.js': 'failed', 'test/plain.test.js': 'failed' });
  expect(doubtOf(verdict(0, { 'test/a.test.js': 'passed' }), place(crashed))).toContain('ended before');
  const plain = verdict(0, { 'sum > adds': 'passed', 'test/plain.test.js': 'passed' });
  expect(doubtOf(plain, place(crashed))).toBeNull();
});

test('silence where there were tests makes no pass', () => {
  expect(doubtOf(SILENT, place(BEFORE))).toContain('no test was reported');
  expect(doubtOf(SILENT, place({ ...SILENT, exitCode: 1, passed: false }))).toContain('no test was reported');
  const script = { 'package.json': JSON.stringify({ scripts: { test: 'node check.js' } }) };
  expect(doubtOf(SILENT, place({ ...SILENT, exitCode: 1, passed: false }, script))).toBeNull();
});

test('whoever may change tests may have fewer of them', () => {
  const files = { ...FILES, 'test/a.test.js': "require('node:test')('adds', () => {});\n" };
  expect(doubtOf(verdict(0, { adds: 'passed' }), place(BEFORE, files))).toBeNull();
});
