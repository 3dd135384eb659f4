import { describe, expect, it } from 'vitest';
import type { LeftFailing, Verdict } from '../values.ts';
import { isProven, type Proven, proofOf } from './proof.ts';

const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  exitCode: 0,
  passed: true,
  format: 'tap',
  counts: { passed: 2, failed: 0, skipped: 0 },
  tests: [],
  ...over,
});
const failing = verdict({ exitCode: 1, passed: false, counts: { passed: 1, failed: 1, skipped: 0 } });
const silent = verdict({ format: null, counts: null });
const left = (by: LeftFailing['by']) => ({ kind: 'solved', left: { by, tests: [{ name: ['a'] }] } }) as const;
const proof = (over: Partial<Proven>) =>
  proofOf({ outcome: { kind: 'solved' }, start: failing, end: verdict(), hidden: null, ...over });

describe('what a solved run rests on', () => {
  it('tells all tests, those of the task, a person and the agent alone apart', () => {
    expect(proof({})).toBe('tests');
    expect(proof({ outcome: left('task'), end: failing })).toBe('task');
    expect(proof({ outcome: left('person'), end: failing })).toBe('person');
    expect(proof({ outcome: left('agent'), end: failing })).toBe('agent');
    expect(proof({ outcome: { kind: 'gave-up' } })).toBeNull();
    expect([proof({}), proof({ outcome: left('agent') }), null].map(isProven)).toEqual([true, false, false]);
  });

  it('takes held-out tests for more than any word', () => {
    expect(proof({ outcome: left('agent'), end: failing, hidden: true })).toBe('hidden');
    expect(proof({ hidden: false })).toBeNull();
  });

  it('takes a command that names no tests for proof only where it failed before', () => {
    expect(proof({ start: { ...silent, exitCode: 1, passed: false }, end: silent })).toBe('exit-code');
    expect(proof({ start: silent, end: silent })).toBe('agent');
    expect(proof({ start: null, end: silent })).toBe('exit-code');
  });
});
