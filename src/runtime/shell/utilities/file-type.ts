/** file: what a file holds, by its first bytes; the kinds that projects have. */

import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } from '../../kernel/file-modes.ts';
import { greatest } from '../../kernel/large-lists.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

interface Kind {
  text: string;
  mime: string;
}

/** What the first bytes are, as Latin-1. */
const MAGIC: readonly [string, Kind][] = [
  ['\x7fELF', { text: 'ELF', mime: 'application/x-executable' }],
  ['\x89PNG\r\n', { text: 'PNG image data', mime: 'image/png' }],
  ['\xff\xd8\xff', { text: 'JPEG image data', mime: 'image/jpeg' }],
  ['GIF8', { text: 'GIF image data', mime: 'image/gif' }],
  ['%PDF-', { text: 'PDF document', mime: 'application/pdf' }],
  ['PK\x03\x04', { text: 'Zip archive data, at least v2.0 to extract', mime: 'application/zip' }],
  ['\x1f\x8b', { text: 'gzip compressed data', mime: 'application/gzip' }],
  ['\0asm', { text: 'WebAssembly (wasm) binary module version 0x1 (MVP)', mime: 'application/wasm' }],
  ['SQLite format 3\0', { text: 'SQLite 3.x database', mime: 'application/vnd.sqlite3' }],
];

const TAR: Kind = { text: 'POSIX tar archive (GNU)', mime: 'application/x-tar' };

const INTERPRETERS: Record<string, Kind> = {
  sh: { text: 'POSIX shell script', mime: 'text/x-shellscript' },
  dash: { text: 'POSIX shell script', mime: 'text/x-shellscript' },
  bash: { text: 'Bourne-Again shell script', mime: 'text/x-shellscript' },
  node: { text: 'Node.js script executable', mime: 'application/javascript' },
  python3: { text: 'Python script', mime: 'text/x-script.python' },
};

function encodingOf(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte < 128)) return 'ASCII';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'Unicode text, UTF-8';
  } catch {
    return 'ISO-8859';
  }
}

function textKind(bytes: Uint8Array, text: string): Kind {
  const encoding = encodingOf(bytes);
  const endings = text.includes('\r\n')
    ? /(^|[^\r])\n/.test(text)
      ? ', with CRLF, LF line terminators'
      : ', with CRLF line terminators'
    : text.includes('\n')
      ? ''
      : ', with no line terminators';
  const long = text.split('\n').some((line) => line.length > 300)
    ? `, with very long lines (${greatest(text.split('\n').map((line) => line.length))})`
    : '';
  const interpreter = /^#! ?\S*\/(?:env +)?([\w.]+)/.exec(text)?.[1];
  const script = INTERPRETERS[interpreter ?? ''];
  const word = `${encoding} text`;
  const tail = `${word}${script && !script.text.endsWith('executable') ? ' executable' : ''}${long}${endings}`;
  if (script) return { text: `${script.text}, ${tail}`, mime: script.mime };
  if (isJson(text)) return { text: 'JSON text data', mime: 'application/json' };
  if (/^\s*<\?xml/.test(text)) return { text: `XML 1.0 document, ${tail}`, mime: 'text/xml' };
  if (/^\s*<(!doctype html|html)/i.test(text)) return { text: `HTML document, ${tail}`, mime: 'text/html' };
  return { text: tail, mime: 'text/plain' };
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function kindOf(context: UtilityContext, name: string): Kind {
  const stat = context.sys.call('statOrNull', context.resolve(name), false);
  if (!stat)
    return {
      text: `cannot open \`${name}' (No such file or directory)`,
      mime: `cannot open \`${name}' (No such file or directory)`,
    };
  const type = stat.mode & S_IFMT;
  if (type === S_IFDIR) return { text: 'directory', mime: 'inode/directory' };
  if (type === S_IFLNK) {
    const target = context.sys.call('readlink', context.resolve(name));
    const broken = context.sys.call('statOrNull', context.resolve(name), true) ? '' : 'broken ';
    return { text: `${broken}symbolic link to ${target}`, mime: 'inode/symlink' };
  }
  if (type === S_IFIFO) return { text: 'fifo (named pipe)', mime: 'inode/fifo' };
  if (type === S_IFSOCK) return { text: 'socket', mime: 'inode/socket' };
  if (type !== S_IFREG) return { text: 'character special', mime: 'inode/chardevice' };
  const bytes = context.sys.call('readFile', context.resolve(name));
  if (bytes.length === 0) return { text: 'empty', mime: 'inode/x-empty' };
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  const known = MAGIC.find(([magic]) => start.startsWith(magic));
  if (known) return known[1];
  if (start.startsWith('ustar', 257)) return TAR;
  if (bytes.subarray(0, 65536).some((byte) => byte < 7 || (byte > 13 && byte < 27) || byte === 127))
    return { text: 'data', mime: 'application/octet-stream' };
  return textKind(bytes, new TextDecoder().decode(bytes));
}

const charsetOf = ({ text, mime }: Kind): string =>
  !/text|json|script|xml|javascript/.test(mime) ? 'binary' : /UTF-8/.test(text) ? 'utf-8' : 'us-ascii';

export const file: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'biLhkzI',
    long: { brief: 'b', mime: 'i', 'mime-type': 'type', 'mime-encoding': 'encoding', dereference: 'L' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) {
    await context.stderr.write('Usage: file [-bcCdEhikLlNnprsSvzZ0] [--mime-type] [--mime-encoding] <file> ...\n');
    return 1;
  }
  const width = Math.max(...options.operands.map((name) => name.length)) + 1;
  for (const name of options.operands) {
    const kind = kindOf(context, name);
    const shown = options.flags.has('type')
      ? kind.mime
      : options.flags.has('encoding')
        ? charsetOf(kind)
        : options.flags.has('i')
          ? `${kind.mime}; charset=${charsetOf(kind)}`
          : kind.text;
    await context.stdout.line(options.flags.has('b') ? shown : `${`${name}:`.padEnd(width)} ${shown}`);
  }
  return 0;
};
