/** `edit`: the edit engine alone, for many edits. Needs no browser. */
import { createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { editLine } from '../edit-lines.ts';
import { UsageError } from './arguments.ts';

const HELP = `
Each line of IN.jsonl is {"id", "files", "format", "edit"}; each line of OUT.jsonl is {"id", "files"}, all files as they are after the
edit, or {"id", "error"}, why nothing was changed. "files" goes from path to text.

format    edit
replace   [{"path", "find", "replace"}, …]: each "find" stands exactly once in its file; or SEARCH/REPLACE blocks as text:
            src/a.js
            <<<<<<< SEARCH
            old lines
            =======
            new lines
            >>>>>>> REPLACE
diff      a unified diff of one or more files, with git's headers or without
patch     "*** Begin Patch" … "*** End Patch" with "*** Update File: path", "*** Add File: path", "*** Delete File: path", "*** Move to: path"
whole     [{"path", "content"}, …], or {path: content}, or the path on a line above a fenced block
auto      a text in any of these (the default)

Also known as: search-replace, blocks; udiff, unified-diff; apply-patch, begin-patch; whole-file.`;

export function addEditCommand(program: Command): void {
  program
    .command('edit')
    .description('apply edits to files, each wholly or not at all: edit --batch IN.jsonl --out OUT.jsonl')
    .requiredOption('--batch <file>', 'JSON lines {id, files, format, edit}')
    .requiredOption('--out <file>', 'JSON lines {id, files} or {id, error}')
    .addHelpText('after', HELP)
    .action(async ({ batch, out }: { batch: string; out: string }) => {
      await access(batch).catch(() => {
        throw new UsageError(`--batch: there is no file "${batch}"`);
      });
      await editBatch(batch, out);
    });
}

async function editBatch(batch: string, out: string): Promise<void> {
  const output = createWriteStream(out);
  let number = 0;
  for await (const line of linesOf(batch)) {
    number += 1;
    if (line.trim() === '') continue;
    if (!output.write(`${JSON.stringify(editLine(line, number))}\n`))
      await new Promise<void>((done) => output.once('drain', () => done()));
  }
  output.end();
  await finished(output);
}

/** By line feeds alone: readline also splits at U+2028, which JSON may hold. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(file)) {
    if (!Buffer.isBuffer(chunk)) continue;
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  yield Buffer.concat(rest).toString('utf8');
}
