/** Licences of packages, as their package.json says them (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/). */
import { z } from 'zod';
import type { Files } from '../../session/files.ts';

/** Permissive, or copyleft by the file: code with them may be used in any project. */
const ALLOWED = new Set(
  'mit mit-0 isc 0bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear apache-2.0 mpl-2.0 unlicense cc0-1.0 zlib blueoak-1.0.0 python-2.0 artistic-2.0 wtfpl bsl-1.0 cc-by-4.0 cc-by-3.0'.split(
    ' ',
  ),
);

const packageFile = z.object({
  version: z.string().optional(),
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
});

/** Whether an SPDX expression can be met with allowed licences alone; null when it is no such expression. */
function isAllowedLicence(expression: string): boolean | null {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const isWord = (word: string) => tokens[at]?.toUpperCase() === word;
  const either = (): boolean | null => {
    let result = both();
    while (isWord('OR')) {
      at += 1;
      const other = both();
      result = result === null || other === null ? null : result || other;
    }
    return result;
  };
  const both = (): boolean | null => {
    let result = single();
    while (isWord('AND')) {
      at += 1;
      const other = single();
      result = result === null || other === null ? null : result && other;
    }
    return result;
  };
  const single = (): boolean | null => {
    const token = tokens[at];
    at += 1;
    if (token === '(') {
      const inner = either();
      if (tokens[at] !== ')') return null;
      at += 1;
      return inner;
    }
    if (token === undefined || !/^[\w.:+-]+$/.test(token) || /^(?:and|or|with)$/i.test(token)) return null;
    if (isWord('WITH')) at += 2;
    return ALLOWED.has(token.toLowerCase().replace(/\+$/, ''));
  };
  const result = either();
  return at === tokens.length ? result : null;
}

export interface PackageLicence {
  /** "left-pad 1.3.0, licence WTFPL". */
  readonly text: string;
  /** Known, and one of the allowed. */
  readonly allowed: boolean;
}

/** What the installed packages of these names say; a package that is not installed has an unknown licence. */
export async function describeLicences(
  names: readonly string[],
  read: (paths: readonly string[]) => Promise<Files>,
): Promise<readonly PackageLicence[]> {
  const files = await read(names.map((name) => `node_modules/${name}/package.json`));
  return names.map((name) => {
    const content = files[`node_modules/${name}/package.json`];
    const file = typeof content === 'string' ? parse(content) : null;
    const licence = file && licenceOf(file);
    if (!licence)
      return { text: `${name}, whose licence is unknown${file ? '' : ' (it is not installed)'}.`, allowed: false };
    const allowed = isAllowedLicence(licence) === true;
    const verdict = allowed ? '' : ', which is not one of the allowed';
    return { text: `${name}${file?.version ? ` ${file.version}` : ''}, licence ${licence}${verdict}.`, allowed };
  });
}

function licenceOf({ license, licenses }: z.output<typeof packageFile>): string | null {
  if (typeof license === 'string') return license;
  // The old ways to say it.
  return license?.type ?? (licenses && licenses.length > 0 ? licenses.map(({ type }) => type).join(' OR ') : null);
}

function parse(text: string): z.output<typeof packageFile> | null {
  try {
    return packageFile.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
