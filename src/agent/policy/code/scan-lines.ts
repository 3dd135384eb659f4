/** For code that does not parse: words that stand in its lines. */
import type { CodeFinding, CodeRisk } from './code-finding.ts';

const WORDS: readonly (readonly [RegExp, CodeRisk, string])[] = [
  [/\bprocess\s*\.\s*(?:reallyExit|abort|binding|dlopen)\b/, 'tamper', 'ends the process past its order'],
  [/\bprocess\s*\.\s*exitCode\s*=\s*0\b|\bprocess\s*\.\s*exit\s*\(\s*0?\s*\)/, 'tamper', 'forces the exit code'],
  [/\b(?:NODE_TEST_CONTEXT|JEST_WORKER_ID|VITEST|npm_lifecycle_event)\b/, 'tamper', 'looks whether it is being tested'],
  [
    /\bassert\s*\.\s*\w+\s*=[^=]|\b(?:Array|Object|String|Promise|Error)\s*\.\s*prototype\s*\.\s*\w+\s*=[^=]/,
    'tamper',
    'changes what judges the tests',
  ],
  [/\b(?:_load|_resolveFilename|require\s*\.\s*cache)\b/, 'tamper', 'changes how modules are loaded'],
  [/child_process|\bexecSync\b|\bspawnSync\b/, 'program', 'starts a program'],
  [/\beval\s*\(|\bnew\s+Function\b|\brunIn\w*Context\b/, 'evaluates', 'evaluates text as code'],
  [/['"`][^'"`]*\.env(?:\.\w+)?['"`]/, 'secret', 'names a file with secrets'],
  [/\bfetch\s*\(|\bhttps?\s*\.\s*(?:get|request)\b|\bnet\s*\.\s*connect\b/, 'network', 'uses the network'],
];

export function scanLines(lines: readonly string[]): Omit<CodeFinding, 'code'>[] {
  return lines.flatMap((line, index) => {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) return [];
    return WORDS.filter(([word]) => word.test(line)).map(([, kind, risk]) => ({ line: index + 1, kind, risk }));
  });
}
