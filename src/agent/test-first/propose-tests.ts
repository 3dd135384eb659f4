import { z } from 'zod';
import type { FileChange, Files } from '../../session/files.ts';
import { diffFiles } from '../../session/tree.ts';
import type { TestResult, Verdict } from '../../session/values.ts';
import { loadParser } from '../code/syntax.ts';
import { isWholeFile } from '../left/compare-runs.ts';
import { defineTool, failure, type Tool } from '../tools/tool.ts';
import { askApproval } from './ask-approval.ts';
import { type Proof, proveTests } from './prove-tests.ts';

/** Tests that have been approved. */
export interface ApprovedTests {
  readonly files: readonly string[];
  readonly proof: Proof;
  /** What they ask for, in the model's words. */
  readonly summary: string;
}

/** Times that a person may say no before the run gives up. */
const MOST_REFUSALS = 3;

interface Start {
  readonly files: Files;
  readonly verdict: Verdict | null;
}

/** The tool that ends the writing of tests: they are run on the old code, where they must fail, and shown to the person. */
export function createProposeTests(
  { goal, ...start }: Start & { readonly goal: string },
  onApproved: (tests: ApprovedTests) => void,
): Tool {
  let refusals = 0;
  let isToldOfLoading = false;
  return defineTool({
    name: 'propose_tests',
    description:
      'Proposes the new tests that you have written. They are run on the code as it is, where they must fail, and shown to the person for approval.',
    schema: z.object({ summary: z.string().describe('What the tests ask for, a line for each behaviour.') }),
    phase: 'verify',
    run: async ({ summary }, context) => {
      const changes = diffFiles(start.files, context.workspace.files);
      const files = changes.map(({ path }) => path);
      if (files.length === 0) return failure('There are no new tests: write them into a new file first.');
      const broken = await findBroken(changes);
      if (broken !== null) return failure(broken);
      const proof = await proveTests(files, start.verdict, context);
      if (typeof proof === 'string') return failure(proof);
      const { failing, passing, report } = proof;
      if (failing.length === 0)
        return failure(`Not proposed: no new test fails on the code as it is, so they prove nothing.\n${report}`);
      const unloaded = notLoading(proof, goal);
      if (unloaded !== null && !isToldOfLoading) {
        isToldOfLoading = true;
        return failure(unloaded);
      }
      const note = passing.length === 0 ? '' : `\n${describePassing(passing)}`;
      const reasons = [
        `The work is judged by these tests from now on. ${failing.length} fail on the code as it is.`,
        ...(passing.length === 0 ? [] : [describePassing(passing)]),
        summary,
      ];
      const refusal = await askApproval(context, { changes, reasons });
      if (refusal !== null) {
        refusals += 1;
        const explanation = `The tests were not approved, ${refusals} times. At last: ${refusal}`;
        const result = `Not approved: ${refusal}\nChange the tests, and propose them again.`;
        return refusals < MOST_REFUSALS
          ? failure(result)
          : { ok: false, result, outcome: { kind: 'gave-up', explanation } };
      }
      onApproved({ files, proof, summary });
      return {
        ok: true,
        ends: true,
        result: `Approved, and protected from now on. ${failing.length} fail, as they must.${note}`,
      };
    },
  });
}

/**
 * Why tests that do not even load may be wrong themselves: they fail for ever then. What is missing may be what is wanted, too; the goal
 * names it then mostly. Null where tests were run.
 */
function notLoading({ failing, output }: Proof, goal: string): string | null {
  if (!failing.every(isWholeFile)) return null;
  const messages = failing.map(({ message = '' }) => message);
  const [reason = ''] = [...messages, output].flatMap((text) => text.split('\n').filter((line) => LOADING.test(line)));
  const [what = ''] = reason.split(/ imported from | in \//);
  const places = [...what.matchAll(/['"`]([^'"`]+)['"`]|(\S*\/\S+)|(\S+) is not defined/g)];
  const names = places.map(([, quoted, path, name]) => stemOf(quoted ?? path ?? name ?? ''));
  const isWanted = names.some((name) => name.length > 1 && !EVERYWHERE.test(name) && goal.includes(name));
  if (isWanted) return null;
  return `Not proposed: no test ran, since ${failing.length === 1 ? 'the file does' : 'the files do'} not load: ${reason.trim()}\nMend the mistake in the test. Where the goal wants what is missing there, propose them again as they are.`;
}

const LOADING =
  /cannot find|could not (?:find|resolve|load)|failed to (?:load|resolve)|is not (?:defined|exported)|does not provide|SyntaxError/i;
const stemOf = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
/** Folders and files that every project has. */
const EVERYWHERE = /^(?:src|lib|dist|index|main|tests?|specs?)$/;

const CODE = /\.[cm]?[jt]sx?$/;

/** A test that is no code fails for ever. */
async function findBroken(changes: readonly FileChange[]): Promise<string | null> {
  const parse = await loadParser();
  for (const { path, content } of changes) {
    if (!CODE.test(path) || typeof content !== 'string') continue;
    const parsed = parse(content, path);
    if (!parsed.ok) return `${path} cannot be read as code, line ${parsed.line}: ${parsed.message}`;
  }
  return null;
}

function describePassing(tests: readonly TestResult[]): string {
  const names = tests.map(({ name }) => `"${name.join(' > ')}"`).join(', ');
  return `${tests.length} new tests pass on the code as it is and prove nothing of what is new: ${names}.`;
}
