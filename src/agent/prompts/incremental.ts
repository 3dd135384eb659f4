import type { TestResult } from '../../session/values.ts';
import { elide } from '../elide.ts';
import { withOwnFrames } from '../verdict/own-frames.ts';

const MESSAGE = 1500;

/** What a stage of incremental repair attends to. */
export function describeStage({ test, stage, failing }: { test: TestResult; stage: number; failing: number }): string {
  const { name, file, message } = test;
  const others = failing > 1 ? `${failing - 1} other failing tests have their turn later: leave them alone.` : '';
  return [
    `Now attend to one failing test only (stage ${stage}): "${name.join(' > ')}"${file === undefined ? '' : ` in ${file}`}.`,
    message === undefined ? '' : `It says:\n${elide(withOwnFrames(message), MESSAGE)}`,
    `${others} Run this test alone with run_test while you work. When it passes, and everything that passed before still does, call finish.`.trim(),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
