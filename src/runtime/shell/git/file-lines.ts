/** The lines of a file in some commit. */
import { splitLines } from '../line-diff/hunks.ts';
import type { FileMap, Repository } from './repository.ts';

/** With their ends; undefined where there is no such file. */
export async function linesOf(repository: Repository, files: FileMap, path: string): Promise<string[] | undefined> {
  const file = files.get(path);
  return file && splitLines(new TextDecoder().decode(await repository.readBlob(file.oid)));
}
