/** tr: bytes, as GNU's. */
import type { Utility, UtilityContext } from '../utility.ts';
import { type Options, parseOptions } from './options.ts';
import { parseTrSet, type TrSet, TrSetError } from './tr-set.ts';
import { wrongUse } from './wrong-use.ts';

const BYTES = 256;

export const tr: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    stopEarly: true,
  });
  const problem = options.problem ?? misuse(options);
  if (problem) return await wrongUse(context, problem);
  try {
    return await translate(context, await tablesOf(context, options));
  } catch (error) {
    if (!(error instanceof TrSetError)) throw error;
    await context.complain(error.message);
    return 1;
  }
};

function misuse({ flags, operands }: Options): string | undefined {
  const [erases, squeezes] = [flags.has('d'), flags.has('s')];
  const fewest = erases === squeezes ? 2 : 1;
  const most = erases && !squeezes ? 1 : 2;
  if (operands.length === 0) return 'missing operand';
  if (operands.length < fewest)
    return `missing operand after ‘${operands[0]}’\nTwo strings must be given when ${squeezes ? 'both deleting and squeezing repeats' : 'translating'}.`;
  if (operands.length <= most) return undefined;
  const only = operands.length === 2 ? '\nOnly one string may be given when deleting without squeezing repeats.' : '';
  return `extra operand ‘${operands[most]}’${only}`;
}

/** What becomes of each byte. */
interface Tables {
  readonly map: Uint8Array;
  /** 1 where it is left out. */
  readonly erased: Uint8Array;
  /** 1 where a second one behind it is left out. */
  readonly squeezed: Uint8Array;
}

/** Throws a TrSetError. */
async function tablesOf(context: UtilityContext, { flags, operands }: Options): Promise<Tables> {
  const warnings: string[] = [];
  const parse = (text: string) => parseTrSet(text, (warning) => void warnings.push(warning));
  const [first = '', second] = operands;
  const erases = flags.has('d');
  const one = parse(first);
  const two = second === undefined ? null : parse(second);
  for (const warning of warnings) await context.complain(warning);
  const complements = flags.has('c') || flags.has('C');
  const from = complements ? allBut(one.bytes) : one.bytes;
  if (one.hasFills) throw new TrSetError('the [c*] repeat construct may not appear in string1');
  if (two?.hasTwoFills) throw new TrSetError('only one [c*] repeat construct may appear in string2');
  const translates = two !== null && !erases;
  if (two?.hasFills && !translates)
    throw new TrSetError('the [c*] construct may appear in string2 only when translating');
  const to = translates ? targets(two, { one, from, complements, truncates: flags.has('t') }) : (two?.bytes ?? []);
  const map = Uint8Array.from({ length: BYTES }, (_, byte) => byte);
  if (translates) for (const [index, byte] of from.entries()) if (index < to.length) map[byte] = to[index] ?? byte;
  return {
    map,
    erased: erases ? tableOf(from) : new Uint8Array(BYTES),
    squeezed: flags.has('s') ? tableOf(two === null ? from : to) : new Uint8Array(BYTES),
  };
}

interface Sources {
  readonly one: TrSet;
  readonly from: readonly number[];
  readonly complements: boolean;
  readonly truncates: boolean;
}

/** What the bytes of the first set become, in their order. */
function targets(two: TrSet, { one, from, complements, truncates }: Sources): number[] {
  if (two.hasEquivalence) throw new TrSetError('[=c=] expressions may not appear in string2 when translating');
  if (two.hasOtherClass)
    throw new TrSetError(
      "when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'",
    );
  const to = [...two.bytes];
  if (two.fill) to.splice(two.fill.at, 0, ...Array(Math.max(0, from.length - to.length)).fill(two.fill.byte));
  if (two.cases.some((at) => complements || !one.cases.includes(at)))
    throw new TrSetError('misaligned [:upper:] and/or [:lower:] construct');
  const isLonger = from.length > to.length;
  if (isLonger && !truncates) {
    if (to.length === 0) throw new TrSetError('when not truncating set1, string2 must be non-empty');
    if (two.endsWithClass)
      throw new TrSetError(
        'when translating with string1 longer than string2,\nthe latter string must not end with a character class',
      );
    const last = to.at(-1) as number;
    while (to.length < from.length) to.push(last);
  }
  if (complements && one.hasClass && new Set(to).size > 1)
    throw new TrSetError(
      'when translating with complemented character classes,\nstring2 must map all characters in the domain to one',
    );
  return to;
}

function allBut(bytes: readonly number[]): number[] {
  const table = tableOf(bytes);
  return Array.from({ length: BYTES }, (_, byte) => byte).filter((byte) => table[byte] === 0);
}

function tableOf(bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(BYTES);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

async function translate(context: UtilityContext, { map, erased, squeezed }: Tables): Promise<number> {
  let last = -1;
  for await (const chunk of context.stdin.chunks()) {
    const output = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (erased[byte] === 1) continue;
      const result = map[byte] as number;
      if (result === last && squeezed[result] === 1) continue;
      last = result;
      output[length++] = result;
    }
    await context.stdout.write(output.subarray(0, length));
  }
  return 0;
}
