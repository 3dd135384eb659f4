/** chown chgrp: the sandbox has one user; other owners are kept as numbers. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { joinPath } from '../paths.ts';
import type { Utility } from '../utility.ts';
import { attempt } from './files.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** A number, or the one name there is. */
const idOf = (name: string): number | undefined =>
  name === 'root' ? 0 : /^\d+$/.test(name) ? Number(name) : undefined;

function changer(kind: 'user' | 'group'): Utility {
  return async (context) => {
    const options = parseOptions(context.args, {
      short: 'RhvcfHLP',
      long: { recursive: 'R', 'no-dereference': 'h', verbose: 'v', silent: 'f', quiet: 'f', 'reference=': 'reference' },
    });
    if (options.problem) return await wrongUse(context, options.problem);
    const reference = lastValue(options, 'reference');
    const names = [...options.operands];
    const spec = reference === undefined ? names.shift() : '';
    if (spec === undefined) return await wrongUse(context, 'missing operand');
    if (names.length === 0) return await wrongUse(context, `missing operand after ‘${spec}’`);
    const model = reference === undefined ? undefined : context.sys.call('stat', context.resolve(reference), true);
    const [user = '', group = ''] = kind === 'user' ? spec.split(/[:.]/) : ['', spec];
    const [uid, gid] = [model?.uid ?? idOf(user), model?.gid ?? idOf(group)];
    if ((user !== '' && uid === undefined) || (group !== '' && gid === undefined)) {
      await context.complain(`invalid ${group === '' || kind === 'user' ? 'user' : 'group'}: ‘${spec}’`);
      return 1;
    }
    let status = 0;
    const change = async (name: string): Promise<void> => {
      const path = context.resolve(name);
      const stat = context.sys.call('statOrNull', path, !options.flags.has('h'));
      if (!stat) {
        status = 1;
        if (!options.flags.has('f')) await context.complain(`cannot access '${name}': No such file or directory`);
        return;
      }
      const done = await attempt(context, `changing ownership of '${name}'`, () =>
        context.sys.call('chown', path, uid ?? stat.uid, gid ?? stat.gid, !options.flags.has('h')),
      );
      if (!done) status = 1;
      const own = options.flags.has('R') ? context.sys.call('statOrNull', path, false) : null;
      if (!own || (own.mode & S_IFMT) !== S_IFDIR) return;
      for (const child of context.sys.call('readdir', path).names) await change(joinPath(name, child));
    };
    for (const name of names) await change(name);
    return status;
  };
}

export const chown = changer('user');
export const chgrp = changer('group');
