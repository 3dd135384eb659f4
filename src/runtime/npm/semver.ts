/** Versions and ranges as npm reads them. */

export interface Version {
  parts: [number, number, number];
  /** Of `1.0.0-beta.2`: beta and 2. */
  pre: (string | number)[];
}

const VERSION = /^[v=\s]*(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/;

export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text.trim());
  if (!match) return undefined;
  const pre = (match[4] ?? '').split('.').filter((part) => part !== '');
  return {
    parts: [Number(match[1]), Number(match[2]), Number(match[3])],
    pre: pre.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}

export function formatVersion({ parts, pre }: Version): string {
  return parts.join('.') + (pre.length > 0 ? `-${pre.join('.')}` : '');
}

export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) if (a.parts[index] !== b.parts[index]) return a.parts[index] - b.parts[index];
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let i = 0; ; i += 1) {
    const [x, y] = [a.pre[i], b.pre[i]];
    if (x === undefined || y === undefined) return (x === undefined ? 0 : 1) - (y === undefined ? 0 : 1);
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    return x < y ? -1 : 1;
  }
}

interface Comparator {
  operator: '<' | '<=' | '>' | '>=' | '=';
  version: Version;
}

/** False for a range that is none, such as a tag or an address. */
export function satisfies(text: string, range: string): boolean {
  const version = parseVersion(text);
  if (!version) return false;
  return range.split('||').some((part) => {
    const comparators = readComparators(part.trim());
    if (!comparators?.every((comparator) => holds(version, comparator))) return false;
    if (version.pre.length === 0) return true;
    // A version before a release is meant only where the range names one of the same release.
    return comparators.some(
      (item) =>
        item.version.pre.length > 0 && item.version.parts.every((value, index) => value === version.parts[index]),
    );
  });
}

/** Whether a text is a range of versions at all. */
export const isRange = (range: string): boolean =>
  range.split('||').every((part) => readComparators(part.trim()) !== undefined);

function holds(version: Version, { operator, version: other }: Comparator): boolean {
  const order = compareVersions(version, other);
  if (operator === '=') return order === 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function readComparators(range: string): Comparator[] | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(range);
  if (hyphen) {
    const [low, high] = [readPartial(hyphen[1] ?? ''), readPartial(hyphen[2] ?? '')];
    return low && high ? [{ operator: '>=', version: floor(low) }, ...upTo(high)] : undefined;
  }
  const found: Comparator[] = [];
  for (const word of range.replace(/([<>=~^]+)\s+/g, '$1').split(/\s+/)) {
    const match = /^(\^|~>?|>=|<=|>|<|=)?(.*)$/.exec(word);
    const partial = readPartial(match?.[2] ?? '');
    if (!partial) return undefined;
    found.push(...comparatorsOf(match?.[1] ?? '', partial));
  }
  return found;
}

/** `1`, `1.x`, `*`: numbers as far as they are given. */
interface Partial {
  numbers: number[];
  pre: Version['pre'];
}

function readPartial(text: string): Partial | undefined {
  if (text === '') return { numbers: [], pre: [] };
  const match = /^v?([\dxX*]+)(?:\.([\dxX*]+))?(?:\.([\dxX*]+))?(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(text);
  if (!match) return undefined;
  const words = match.slice(1, 4).filter((word) => word !== undefined);
  const end = words.findIndex((word) => /[xX*]/.test(word));
  const numbers = words.slice(0, end === -1 ? undefined : end).map(Number);
  return { numbers, pre: parseVersion(`0.0.0-${match[4] ?? ''}`)?.pre ?? [] };
}

const floor = ({ numbers, pre }: Partial): Version => ({
  parts: [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0],
  pre,
});

/** The first version after all that agree in the first `count` numbers. */
function after({ numbers }: Partial, count: number): Version {
  const parts: Version['parts'] = [0, 0, 0];
  for (let i = 0; i < count; i += 1) parts[i] = (numbers[i] ?? 0) + (i === count - 1 ? 1 : 0);
  return { parts, pre: [0] };
}

function upTo(partial: Partial): Comparator[] {
  const { length } = partial.numbers;
  if (length === 0) return [];
  if (length === 3) return [{ operator: '<=', version: floor(partial) }];
  return [{ operator: '<', version: after(partial, length) }];
}

function comparatorsOf(operator: string, partial: Partial): Comparator[] {
  const { numbers } = partial;
  const low: Comparator = { operator: '>=', version: floor(partial) };
  const below = (count: number): Comparator[] =>
    count === 0 ? [low] : [low, { operator: '<', version: after(partial, count) }];
  switch (operator) {
    case '^': {
      const first = numbers.findIndex((number) => number !== 0);
      return below(Math.min(first === -1 ? numbers.length : first + 1, numbers.length));
    }
    case '~':
    case '~>':
      return below(Math.min(2, numbers.length));
    case '>':
      return numbers.length === 3 || numbers.length === 0
        ? [{ operator: '>', version: floor(partial) }]
        : [{ operator: '>=', version: { ...after(partial, numbers.length), pre: [] } }];
    case '>=':
      return [low];
    case '<':
      return [{ operator: '<', version: floor(partial) }];
    case '<=':
      return upTo(partial);
    default:
      return numbers.length === 3 ? [{ operator: '=', version: floor(partial) }] : below(numbers.length);
  }
}

/** `patch`, `minor`, `prerelease` and their like; undefined for another word. */
export function increment(version: Version, release: string, preid?: string): Version | undefined {
  const [major, minor, patch] = version.parts;
  const isPre = version.pre.length > 0;
  const start: Version['pre'] = preid === undefined ? [0] : [preid, 0];
  switch (release) {
    case 'major':
      return { parts: isPre && minor === 0 && patch === 0 ? [major, 0, 0] : [major + 1, 0, 0], pre: [] };
    case 'minor':
      return { parts: isPre && patch === 0 ? [major, minor, 0] : [major, minor + 1, 0], pre: [] };
    case 'patch':
      return { parts: [major, minor, isPre ? patch : patch + 1], pre: [] };
    case 'premajor':
      return { parts: [major + 1, 0, 0], pre: start };
    case 'preminor':
      return { parts: [major, minor + 1, 0], pre: start };
    case 'prepatch':
      return { parts: [major, minor, patch + 1], pre: start };
    case 'prerelease': {
      if (!isPre) return { parts: [major, minor, patch + 1], pre: start };
      if (preid !== undefined && version.pre[0] !== preid) return { parts: version.parts, pre: start };
      const last = version.pre.findLastIndex((part) => typeof part === 'number');
      const pre =
        last === -1
          ? [...version.pre, 0]
          : version.pre.map((part, index) => (index === last ? Number(part) + 1 : part));
      return { parts: version.parts, pre };
    }
    default:
      return undefined;
  }
}
