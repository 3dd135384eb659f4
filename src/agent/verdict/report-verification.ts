import { elide } from '../elide.ts';
import type { Outputs } from '../outputs.ts';
import { showOutput } from '../show-output.ts';
import type { Verification } from '../workspace.ts';
import { describeVerdict } from './describe-verdict.ts';

const OUTPUT = 16_000;

/** A verification as the model reads it: the verdict first, then the output, which it can read on in where `outputs` keeps it. */
export function reportVerification({ verdict, output, ended }: Verification, outputs?: Outputs): string {
  const late =
    ended === 'timed-out'
      ? '\nThe tests did not end in time and were killed: look for an endless loop or an open handle.'
      : '';
  return `${describeVerdict(verdict)}${late}\n\nOutput:\n${outputs ? showOutput(outputs, output, OUTPUT) : elide(output, OUTPUT)}`;
}
