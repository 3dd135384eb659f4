import type { TestResult, Verdict } from '../../session/values.ts';
import { testCommandFor } from '../code/runner/test-command.ts';
import { elide } from '../elide.ts';
import { testKey } from '../test-key.ts';
import type { ToolContext } from '../tools/tool.ts';
import { describeVerdict } from '../verdict/describe-verdict.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';

/** What new tests say of the code as it is. */
export interface Proof {
  /** They fail, as they must before there is code for them. */
  readonly failing: readonly TestResult[];
  /** They pass already, so they prove nothing of what is to come. */
  readonly passing: readonly TestResult[];
  /** The task's own test command does not run them: this one does both. */
  readonly testCommand: string | null;
  /** For the model. */
  readonly report: string;
  readonly output: string;
}

const SECONDS = 60;
const MOST_OUTPUT = 2000;

/** Runs new tests on the old code. A string says why nothing could be told, for the model. */
export async function proveTests(
  files: readonly string[],
  before: Verdict | null,
  { workspace, call }: ToolContext,
): Promise<Proof | string> {
  const { verdict, output } = await workspace.verify(call);
  const known = new Set((before?.tests ?? []).map(testKey));
  const added = verdict.tests.filter((test) => !known.has(testKey(test)));
  if (added.length > 0) return { ...sort(added), testCommand: null, report: describeVerdict(verdict), output };
  const { testCommand } = workspace;
  const commands: string[] = [];
  const found: TestResult[] = [];
  const outputs: string[] = [];
  for (const file of files) {
    const built = testCommandFor(workspace.files, testCommand, { file, name: null });
    if (!built) return `The test command "${testCommand}" does not run ${file}: put the tests where it finds them.`;
    const { result } = await workspace.run(call, built.command, SECONDS);
    const alone = parseVerdict(result.exitCode, result.output);
    // An output that nothing can be read from is still a file that fails or passes.
    const message = elide(result.output, MOST_OUTPUT);
    outputs.push(result.output);
    const whole: TestResult = { name: [file], status: alone.passed ? 'passed' : 'failed', message };
    found.push(...(alone.tests.length > 0 ? alone.tests : [whole]));
    commands.push(built.command);
  }
  const report = found.map(({ name, status }) => `${status}: ${name.join(' > ')}`).join('\n');
  return { ...sort(found), testCommand: [testCommand, ...commands].join(' && '), report, output: outputs.join('\n') };
}

function sort(tests: readonly TestResult[]): Pick<Proof, 'failing' | 'passing'> {
  return {
    failing: tests.filter(({ status }) => status === 'failed'),
    passing: tests.filter(({ status }) => status === 'passed'),
  };
}
