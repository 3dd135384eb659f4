/** uniq. */
import { O_CREAT, O_TRUNC, O_WRONLY } from '../../kernel/file-modes.ts';
import type { Descriptor } from '../descriptor.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import { Writer } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

export const uniq: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cduDif:s:w:z',
    long: {
      count: 'c',
      repeated: 'd',
      unique: 'u',
      'ignore-case': 'i',
      'skip-fields=': 'f',
      'skip-chars=': 's',
      'check-chars=': 'w',
      'all-repeated': 'D',
      'all-repeated=': 'D',
      group: 'group',
      'group=': 'group',
      'zero-terminated': 'z',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [name = '-', target = '-', extra] = options.operands;
  if (extra !== undefined) return await wrongUse(context, `extra operand ‘${extra}’`);
  const output = target === '-' ? null : await openOutput(context, target);
  if (output === undefined) return 1;
  const writer = output ? new Writer(output) : context.stdout;
  const end = options.flags.has('z') ? '\0' : '\n';
  const write = (line: string) => writer.write(line + end);
  const key = (line: string) => {
    let text = line;
    for (let i = 0; i < Number(lastValue(options, 'f') ?? '0'); i += 1) text = text.replace(/^\s*\S+/, '');
    text = text.slice(Number(lastValue(options, 's') ?? '0'));
    const width = lastValue(options, 'w');
    if (width !== undefined) text = text.slice(0, Number(width));
    return options.flags.has('i') ? text.toLowerCase() : text;
  };
  const all = options.flags.has('D');
  let group: { line: string; count: number } | undefined;
  const grouping = options.flags.has('group') ? (lastValue(options, 'group') ?? 'separate') : undefined;
  const finish = async () => {
    if (!group || all || grouping !== undefined) return;
    if (options.flags.has('d') && group.count === 1) return;
    if (options.flags.has('u') && group.count > 1) return;
    await write(options.flags.has('c') ? `${String(group.count).padStart(7)} ${group.line}` : group.line);
  };
  const complete = await eachInput(context, { names: [name] }, async (reader) => {
    for await (const line of reader.lines(end)) {
      if (group && key(group.line) === key(line)) {
        if (all) await write(group.count === 1 ? group.line + end + line : line);
        else if (grouping !== undefined) await write(line);
        group.count += 1;
      } else {
        await finish();
        // An empty line between the groups, before each, behind each, or both.
        if (grouping !== undefined) {
          const apart = grouping === 'prepend' || grouping === 'both' || group !== undefined;
          await write((apart ? end : '') + line);
        }
        group = { line, count: 1 };
      }
    }
  });
  await finish();
  if (group && (grouping === 'append' || grouping === 'both')) await write('');
  await writer.flush();
  output?.release();
  return complete ? 0 : 1;
};

/** Undefined when it cannot be opened, which was told. */
async function openOutput(context: UtilityContext, name: string): Promise<Descriptor | undefined> {
  try {
    return await openPath(context.sys, context.resolve(name), O_WRONLY | O_CREAT | O_TRUNC, context);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.complain(`${name}: ${describeError(error)}`);
    return undefined;
  }
}
