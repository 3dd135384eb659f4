/** Redirections: change a descriptor table as the script says. */
import type { HereDoc, HereString, Redirect, Redirection } from 'unbash';
import { O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY, S_IFMT, S_IFREG } from '../kernel/file-modes.ts';
import { type Descriptor, type DescriptorTable, MOST_DESCRIPTORS } from './descriptor.ts';
import { describeError, errorCode, RedirectionError } from './errors.ts';
import { collectParts, expandToString } from './expansion/expand.ts';
import { openPath } from './open.ts';
import { makePipe } from './pipes.ts';
import type { Shell } from './shell.ts';

/** Applies them in order to `table`. Throws {@link RedirectionError}; what was applied before stays. */
export async function applyRedirections(
  shell: Shell,
  redirections: readonly Redirection[],
  table: DescriptorTable,
): Promise<void> {
  for (const redirection of redirections) {
    if (redirection.descriptor?.type === 'FileDescriptorVariable') {
      await applyToVariable(shell, { redirection, name: redirection.descriptor.name, table });
    } else if (redirection.type !== 'Redirect') {
      const text = await hereText(shell, redirection);
      table.set(descriptorNumber(redirection, 0), feed(shell, text));
    } else await applyRedirect(shell, redirection, table);
  }
}

function descriptorNumber({ descriptor }: Redirection, fallback: number): number {
  if (descriptor?.type !== 'FileDescriptor') return fallback;
  if (descriptor.value >= MOST_DESCRIPTORS) throw new RedirectionError(`${descriptor.value}: Bad file descriptor`);
  return descriptor.value;
}

interface VariableRedirection {
  redirection: Redirection;
  name: string;
  table: DescriptorTable;
}

/** `{name}>file` of bash: the variable gets the number of a descriptor that stays open behind the command; `{name}>&-` closes it. */
async function applyToVariable(shell: Shell, { redirection, name, table }: VariableRedirection): Promise<void> {
  const tables = new Set([table, shell.descriptors]);
  const closes = redirection.type === 'Redirect' && redirection.target?.text === '-';
  let number: number;
  if (closes) {
    const text = shell.getVariable(name) ?? '';
    if (!/^\d+$/.test(text)) throw new RedirectionError(`${name}: ambiguous redirect`);
    number = Number(text);
  } else {
    number = table.freeIn(shell.descriptors);
    // Each command has a table of its own: thousands in it are slow for all that follow.
    if (number >= MOST_DESCRIPTORS) {
      const what = redirection.type === 'Redirect' ? redirection.target?.text : undefined;
      throw new RedirectionError(`${what ?? name}: Too many open files`);
    }
  }
  const descriptor = { type: 'FileDescriptor', pos: redirection.pos, end: redirection.pos, value: number } as const;
  await applyRedirections(shell, [{ ...redirection, descriptor }], table);
  const opened = table.get(number);
  for (const other of tables) {
    if (other === table) continue;
    if (opened) other.set(number, opened.retain());
    else other.close(number);
  }
  if (!closes) shell.setVariable(name, String(number));
}

async function applyRedirect(shell: Shell, redirect: Redirect, table: DescriptorTable): Promise<void> {
  if (!redirect.target) throw new RedirectionError('Syntax error: redirection unexpected');
  const target = await expandToString(shell, redirect.target);
  switch (redirect.operator) {
    case '<':
      table.set(descriptorNumber(redirect, 0), await open(shell, target, 0));
      return;
    case '<>':
      table.set(descriptorNumber(redirect, 0), await open(shell, target, O_RDWR | O_CREAT));
      return;
    case '>':
    case '>|':
      refuseExisting(shell, redirect, target);
      table.set(descriptorNumber(redirect, 1), await open(shell, target, O_WRONLY | O_CREAT | O_TRUNC));
      return;
    case '>>':
      table.set(descriptorNumber(redirect, 1), await open(shell, target, O_WRONLY | O_CREAT | O_APPEND));
      return;
    case '&>':
    case '&>>':
      await openBoth(shell, table, target, redirect.operator === '&>>' ? O_APPEND : O_TRUNC);
      return;
    case '<&':
    case '>&':
      if (redirect.operator === '>&' && !redirect.descriptor && !/^(\d+|-)$/.test(target)) {
        await openBoth(shell, table, target, O_TRUNC);
      } else duplicate(table, descriptorNumber(redirect, redirect.operator === '<&' ? 0 : 1), target);
      return;
  }
}

/** `set -C`. */
function refuseExisting(shell: Shell, redirect: Redirect, target: string): void {
  if (!shell.options.noclobber || redirect.operator !== '>') return;
  const stat = shell.sys.call('statOrNull', shell.resolve(target), true);
  if (!stat || (stat.mode & S_IFMT) !== S_IFREG) return;
  throw new RedirectionError(
    shell.bash ? `${target}: cannot overwrite existing file` : `cannot create ${target}: File exists`,
  );
}

async function openBoth(shell: Shell, table: DescriptorTable, target: string, flag: number): Promise<void> {
  const descriptor = await open(shell, target, O_WRONLY | O_CREAT | flag);
  table.set(1, descriptor);
  table.set(2, descriptor.retain());
}

function duplicate(table: DescriptorTable, number: number, target: string): void {
  if (target === '-') {
    table.close(number);
    return;
  }
  const from = /^\d+$/.test(target) ? table.get(Number(target)) : undefined;
  if (!from) throw new RedirectionError(`${target}: Bad file descriptor`);
  table.set(number, from.retain());
}

async function open(shell: Shell, path: string, flags: number): Promise<Descriptor> {
  try {
    const { signal } = shell.abort;
    // A job has begun then: who opens the other end may be started behind it.
    return await openPath(shell.sys, shell.resolve(path), flags, { signal, onWait: () => shell.onStart?.(undefined) });
  } catch (error) {
    throw new RedirectionError(openMessage(shell, error, path, (flags & O_CREAT) !== 0));
  }
}

function openMessage(shell: Shell, error: unknown, path: string, creates: boolean): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (shell.bash) return `${path}: ${describeError(error)}`;
  if (code === 'ENOENT')
    return creates ? `cannot create ${path}: Directory nonexistent` : `cannot open ${path}: No such file`;
  return `cannot ${creates ? 'create' : 'open'} ${path}: ${describeError(error)}`;
}

async function hereText(shell: Shell, here: HereDoc | HereString): Promise<string> {
  if (here.operator === '<<<') return here.target ? `${await expandToString(shell, here.target)}\n` : '\n';
  const { body } = here;
  const atoms = body.parts ? await collectParts(shell, body.parts, true) : undefined;
  const text = atoms ? atoms.map((atom) => (atom.kind === 'break' ? ' ' : atom.text)).join('') : plainBody(here);
  return here.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
}

/** A body without expansions still has its backslashes, unless the delimiter was quoted. */
function plainBody(here: HereDoc): string {
  if (here.delimiter?.quoted) return here.body.text;
  return here.body.text.replace(/\\([\\$`\n])/g, (_, char: string) => (char === '\n' ? '' : char));
}

/** A descriptor that gives the text and then ends: read ahead from a pipe that nobody writes to. */
function feed(shell: Shell, text: string): Descriptor {
  const [reader, writer] = makePipe(shell);
  void pump(writer, new TextEncoder().encode(text));
  return reader;
}

async function pump(writer: Descriptor, bytes: Uint8Array): Promise<void> {
  try {
    for (let rest = bytes; rest.length > 0; ) {
      rest = rest.subarray(await writer.sys.callAsync('write', writer.fd, rest, null));
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error; // The reader went away: as for any here-document, no error.
  } finally {
    writer.release();
  }
}
