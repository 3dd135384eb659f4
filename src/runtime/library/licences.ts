/** The licence texts that must travel with what the runtime carries of other packages. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One text for all of them, sorted by name. `folders` are those of the packages, absolute. */
export async function licenceTexts(folders: ReadonlySet<string>): Promise<string> {
  const texts = await Promise.all([...folders].map(licenceText));
  return [...new Set(texts)].sort().join('\n');
}

async function licenceText(folder: string): Promise<string> {
  const { name, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const file = (await readdir(folder)).find((item) => /^licen[cs]e/i.test(item));
  // Some packages only name it.
  const text = file === undefined ? `Licence: ${license}` : await readFile(join(folder, file), 'utf8');
  return `${name}\n\n${text}\n`;
}

interface Manifest {
  name: string;
  license: string;
}
