/** git var: what git would use. */
import type { GitCall, GitCommand } from '../call.ts';
import { configuredBranch } from '../create-repository.ts';
import { GitError } from '../git-error.ts';
import { editorOf } from '../hooks.ts';
import { identity, zoneText } from '../identity.ts';

const variables: Readonly<Record<string, (call: GitCall) => Promise<string | undefined>>> = {
  GIT_COMMITTER_IDENT: async (call) => await identityLine(call, 'COMMITTER'),
  GIT_AUTHOR_IDENT: async (call) => await identityLine(call, 'AUTHOR'),
  GIT_EDITOR: async (call) => await editorOf(call),
  GIT_PAGER: async ({ context: { env } }) => env.get('GIT_PAGER') ?? env.get('PAGER') ?? 'less',
  GIT_DEFAULT_BRANCH: async ({ context }) => configuredBranch(context) ?? 'master',
};

async function identityLine(call: GitCall, role: 'AUTHOR' | 'COMMITTER'): Promise<string> {
  const { name, email, timestamp, timezoneOffset } = await identity(call.repository(), role);
  return `${name} <${email}> ${timestamp} ${zoneText(timezoneOffset)}`;
}

export const showVariable: GitCommand = async (call) => {
  const [name = ''] = call.args;
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (!variable) throw new GitError('usage: git var (-l | <variable>)', 129, '', 'none');
  const value = await variable(call);
  if (value === undefined) return 1;
  await call.print(`${value}\n`);
  return 0;
};
