import type { Verdict } from '../../session/values.ts';
import { keysOf, testKey } from '../test-key.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { ClaimedTest, JudgedClaims } from './judge-claims.ts';
import { listed } from './left-by-task.ts';
import { isSameFailure } from './same-failure.ts';

const UNCONFIRMED =
  'the tests take too long to be run on the first files once more, so it may have failed there by chance';

/**
 * Runs the tests on the session's first files once more: what the change mends must fail there again, else it mends nothing. The claimed
 * tests, with what speaks against each; a sentence where nothing is left that was mended.
 */
export async function confirmAtStart(
  { tests, mended }: JudgedClaims,
  workspace: Workspace,
): Promise<readonly ClaimedTest[] | string> {
  const again = await workspace.verifyStart();
  if (again === null) return tests.map((each) => doubt(each, UNCONFIRMED));
  const failing = keysOf(again, 'failed');
  const steady = mended.filter((test) => failing.has(testKey(test)));
  if (steady.length === 0)
    return `${listed('failed at the start, and pass on the same files when they are run again', mended)} So your change mends nothing that can be seen.`;
  return tests.map((each) => confirm(each, again));
}

function confirm(each: ClaimedTest, again: Verdict): ClaimedTest {
  const key = testKey(each.test);
  const found = again.tests.find((test) => test.status === 'failed' && testKey(test) === key);
  if (!found) return doubt(each, 'it passes on the first files when they are run again');
  return isSameFailure(found.message, each.test.message)
    ? each
    : doubt(each, 'it fails in another way on the first files when they are run again');
}

const doubt = (each: ClaimedTest, text: string): ClaimedTest => ({
  ...each,
  doubt: each.doubt === null ? text : `${each.doubt}; ${text}`,
});
