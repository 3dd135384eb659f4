import picomatch from 'picomatch';
import type { Files } from '../../../session/files.ts';
import { type ImportGraph, type Reach, reaching } from '../imports/import-graph.ts';
import { isCode } from '../imports/imports.ts';
import type { TestRunner } from './test-runner.ts';

const NAMED = /(?:^|[./_-])(?:test|tests|spec|specs)\.[cm]?[jt]sx?$|(?:^|\/)test-[^/]*\.[cm]?[jt]sx?$/i;
const IN_FOLDER = /(?:^|\/)(?:test|tests|__tests__|spec|specs)\//i;
const BESIDE = /(?:^|\/)(?:fixtures?|__fixtures__|helpers?|support|__mocks__|mocks?|snapshots?|__snapshots__)\//i;
/** What Node's runner takes where it is given no files: https://nodejs.org/api/test.html#running-tests-from-the-command-line */
const BY_NODE = /(?:^|\/)(?:test\/.+|test|test-[^/]*|[^/]*[.\-_]test)\.[cm]?[jt]s$/;
/** A program that checks by itself. */
const CHECKS = /\bassert\b|\bprocess\.exit/;
const TEST_CALL = /\b(?:it|test|specify|describe|suite|tap|tape|lab|QUnit)(?:\.\w+)*\s*(?:\(|`)/;
const TEST_CASE =
  /(?:^|[\s;{}(])(?:it|test|specify|t\.test|QUnit\.test)(?:\.(?:only|skip|todo|each|concurrent|serial|failing)\b)?\s*\(/g;

/** The project's test files: what the runner is given by name, and what looks like a test and holds tests. */
export function testFiles(files: Files, runner: TestRunner | null): string[] {
  const named = runner?.files.map(unquoted).filter((each) => each !== '.') ?? [];
  const isBare = runner === null || runner.name === 'node' || runner.name === 'node:test';
  const isTaken = runner?.name === 'node:test' && named.length === 0;
  const isNamed = named.map((pattern) => picomatch(pattern.replace(/^\.\//, ''), { dot: true }));
  return Object.entries(files)
    .filter(([path, content]) => {
      if (typeof content !== 'string' || !isCode(path)) return false;
      if (isNamed.some((is) => is(path))) return true;
      if (isTaken && BY_NODE.test(path) && !path.endsWith('.d.ts')) return true;
      const looksLike = NAMED.test(path) || (IN_FOLDER.test(path) && !BESIDE.test(path));
      return looksLike && (TEST_CALL.test(content) || ((NAMED.test(path) || isBare) && CHECKS.test(content)));
    })
    .map(([path]) => path)
    .sort();
}

export const countTests = (text: string): number => [...text.matchAll(TEST_CASE)].length;

/** The test files that reach a file through what they import, the nearest first; the file itself where it is a test. */
export function testsTouching(graph: ImportGraph, tests: readonly string[], path: string): Reach[] {
  const own = tests.includes(path) ? [{ path, through: path, distance: 0 }] : [];
  return [...own, ...reaching(graph, [path]).filter((each) => tests.includes(each.path))];
}

const unquoted = (word: string): string => word.replace(/^(['"])(.*)\1$/, '$2');
