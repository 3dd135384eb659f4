import type { Stat } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { baseName, joinPath } from '../paths.ts';
import { giveTurn } from '../turns.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { parseFind } from './find-expression.ts';
import { FindSyntaxError } from './find-reader.ts';
import { fileType } from './format.ts';
import { placeOnTrail, type Trail } from './trail.ts';

/** A file that find has come to. */
export interface Found {
  path: string;
  name: string;
  depth: number;
  /** The path given on the command line that it was found under. */
  root: string;
  stat: Stat;
  /** Set by -prune. */
  pruned: boolean;
  /** The folders around it. */
  outer: Trail | undefined;
}

export const find: Utility = async (context) => {
  const start = context.args.findIndex((arg) => /^[-(!]/.test(arg) && !/^-[HLP]$/.test(arg));
  const given = (start === -1 ? context.args : context.args.slice(0, start)).filter((arg) => !/^-[HLP]$/.test(arg));
  const words = start === -1 ? [] : context.args.slice(start);
  const modes = context.args.slice(0, start === -1 ? undefined : start).filter((arg) => /^-[HLP]$/.test(arg));
  try {
    const plan = parseFind(words, context);
    const follow = plan.follow || modes.at(-1) === '-L';
    let status = 0;
    /** A link to nothing is shown as itself. Null when there is nothing to show, of which has been told what it is. */
    const look = async (path: string, followed: boolean): Promise<Stat | null> => {
      const place = context.resolve(path);
      try {
        return (
          (followed ? context.sys.call('statOrNull', place, true) : null) ?? context.sys.call('stat', place, false)
        );
      } catch (error) {
        if (errorCode(error) === undefined) throw error;
        status = 1;
        await context.complain(`‘${path}’: ${describeError(error)}`);
        return null;
      }
    };
    const ended = () => plan.state.quit;
    const walker = async (found: Found): Promise<void> => {
      const place = follow ? placeOnTrail(found.outer, found.stat) : undefined;
      if (place !== undefined) {
        status = 1;
        await context.complain(
          `File system loop detected; ‘${found.path}’ is part of the same file system loop as ‘${place}’.`,
        );
        return;
      }
      const visit = async () => {
        if (found.depth >= plan.minDepth) await plan.expression(context, found);
      };
      if (!plan.depthFirst) await visit();
      if (plan.state.quit) return;
      if (fileType(found.stat.mode) === 'directory' && !found.pruned && found.depth < plan.maxDepth) {
        if (!(await walkFolder(context, found, { walker, look: (path) => look(path, follow), ended }))) status = 1;
      }
      if (plan.depthFirst && !plan.state.quit) await visit();
    };
    for (const path of given.length > 0 ? given : ['.']) {
      if (plan.state.quit) break;
      const stat = await look(path, follow || modes.at(-1) === '-H');
      if (stat)
        await walker({ path, name: baseName(path), depth: 0, root: path, stat, pruned: false, outer: undefined });
    }
    for (const finish of plan.state.finishers) await finish(context);
    return plan.state.failed ? 1 : status;
  } catch (error) {
    if (!(error instanceof FindSyntaxError)) throw error;
    await context.complain(error.message);
    return 1;
  }
};

interface Walk {
  walker: (found: Found) => Promise<void>;
  look: (path: string) => Promise<Stat | null>;
  ended: () => boolean;
}

async function walkFolder(context: UtilityContext, folder: Found, { walker, look, ended }: Walk): Promise<boolean> {
  let names: string[];
  try {
    names = context.sys.call('readdir', context.resolve(folder.path)).names;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.complain(`‘${folder.path}’: ${describeError(error)}`);
    return false;
  }
  await giveTurn();
  for (const name of names) {
    if (ended()) break;
    const path = joinPath(folder.path, name);
    const stat = await look(path);
    const { root, depth } = folder;
    if (stat) await walker({ path, name, depth: depth + 1, root, stat, pruned: false, outer: folder });
  }
  return true;
}
