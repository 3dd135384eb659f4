import { readFile } from 'node:fs/promises';
import { convertRecord } from './convert.js';
import { parseTable } from './table.js';

/** The records of a file. */
export async function loadTable(path) {
  return parseTable(await readFile(path, 'utf8')).map(convertRecord);
}
