/** The hooks of a repository, and the editor of messages. */
import { resolvePath } from '../paths.ts';
import type { GitCall } from './call.ts';
import { plainError } from './git-error.ts';

/** Runs a hook, if it is there; its output goes to stderr. Its exit code. */
export async function runHook(call: GitCall, name: string, args: readonly string[] = []): Promise<number> {
  const repository = call.repository();
  const { context } = call;
  const folder = await repository.config('core.hookspath');
  const path = `${folder === undefined ? `${repository.commonDir}/hooks` : resolvePath(repository.root, folder)}/${name}`;
  const stat = context.sys.call('statOrNull', path, true);
  if (!stat) return 0;
  if ((stat.mode & 0o111) === 0) {
    const shown = folder === undefined ? `.git/hooks/${name}` : `${folder}/${name}`;
    await call.warn(
      `hint: The '${shown}' hook was ignored because it's not set as executable.\nhint: You can disable this warning with \`git config advice.ignoredHook false\`.\n`,
    );
    return 0;
  }
  await context.stdout.flush();
  const stderr = [...context.descriptors].find(([number]) => number === 2)?.[1];
  const env = new Map([...context.env, ['GIT_INDEX_FILE', `${repository.gitdir}/index`], ['GIT_PREFIX', '']]);
  return await context.run([path, ...args], {
    cwd: repository.root,
    env,
    ...(stderr ? { descriptors: new Map([[1, stderr.retain()]]) } : {}),
  });
}

/** The editor that is set, for messages or for the list of a rebase. */
export async function editorOf(call: GitCall, kind: 'message' | 'sequence' = 'message'): Promise<string | undefined> {
  const { env } = call.context;
  const repository = call.repository();
  if (kind === 'sequence') {
    const own = env.get('GIT_SEQUENCE_EDITOR') ?? (await repository.config('sequence.editor'));
    if (own) return own;
  }
  return (
    env.get('GIT_EDITOR') ||
    (await repository.config('core.editor')) ||
    env.get('VISUAL') ||
    env.get('EDITOR') ||
    undefined
  );
}

/** Lets the editor change a file of the git folder. Throws a GitError where none is set. */
export async function editFile(call: GitCall, name: string, kind: 'message' | 'sequence' = 'message'): Promise<void> {
  const editor = await editorOf(call, kind);
  if (editor === undefined) throw plainError('Terminal is dumb, but EDITOR unset');
  if (editor === ':' || editor === 'true') return;
  const path = `${call.repository().gitdir}/${name}`;
  await call.context.stdout.flush();
  const status = await call.context.run(['sh', '-c', `${editor} "$@"`, editor, path], { cwd: call.repository().root });
  if (status !== 0) throw plainError(`There was a problem with the editor '${editor}'.`);
}
