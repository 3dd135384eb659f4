/** What curl sends: the data of `-d` and its kin, JSON, forms and uploads. */
import { baseName } from '../paths.ts';
import { concatenate } from '../streams.ts';
import { readWhole } from '../utilities/inputs.ts';
import type { UtilityContext } from '../utility.ts';
import type { CurlSetting } from './curl-options.ts';
import { HttpError } from './http-error.ts';

export interface CurlBody {
  data: Uint8Array;
  /** undefined: none is sent. */
  type: string | undefined;
}

const encoder = new TextEncoder();
const DATA = /^(data|data-raw|data-ascii|data-binary|data-urlencode|json)$/;

/** undefined when nothing is to be sent. Throws {@link HttpError} when a file cannot be read. */
export async function buildBody(
  context: UtilityContext,
  settings: readonly CurlSetting[],
): Promise<CurlBody | undefined> {
  const upload = settings.findLast(({ name }) => name === 'upload-file');
  if (upload) return { data: await readInput(context, upload.value), type: undefined };
  const fields = settings.filter(({ name }) => name === 'form' || name === 'form-string');
  if (fields.length > 0) return await buildForm(context, fields);
  const parts = settings.filter(({ name }) => DATA.test(name));
  if (parts.length === 0) return undefined;
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    if (pieces.length > 0 && part.name !== 'json') pieces.push(encoder.encode('&'));
    // Files are looked for as the options are read.
    const quiet = settings.slice(0, settings.indexOf(part)).some(({ name }) => name === 'silent');
    pieces.push(await readPart(context, part, quiet));
  }
  const isJson = parts.some(({ name }) => name === 'json');
  return {
    data: concatenate(pieces),
    type: isJson ? 'application/json' : 'application/x-www-form-urlencoded',
  };
}

async function readPart(context: UtilityContext, { name, value }: CurlSetting, quiet: boolean): Promise<Uint8Array> {
  if (name === 'data-urlencode') return await encodePart(context, value);
  if (name === 'data-raw' || !value.startsWith('@')) return encoder.encode(value);
  const file = value.slice(1);
  if (/^data/.test(name) && file !== '-' && !context.sys.call('statOrNull', context.resolve(file), true)) {
    // curl goes on without it.
    if (!quiet)
      await context.stderr.print(`Warning: Couldn't read data from file "${file}", this makes an empty POST.\n`);
    return new Uint8Array();
  }
  const bytes = await readInput(context, file);
  // Of a file, `-d` leaves out what would end a line.
  return name === 'data' || name === 'data-ascii'
    ? bytes.filter((byte) => byte !== 13 && byte !== 10 && byte !== 0)
    : bytes;
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`. */
async function encodePart(context: UtilityContext, value: string): Promise<Uint8Array> {
  const match = /^([^=@]*)([=@])([\s\S]*)$/.exec(value);
  const [, name = '', kind, content = ''] = match ?? ['', '', '=', value];
  const text = kind === '@' ? new TextDecoder().decode(await readInput(context, content)) : content;
  return encoder.encode(encodeNamed(name, text));
}

/** As `--data-urlencode` without its files. */
export function encodeField(value: string): string {
  const equals = value.indexOf('=');
  return encodeNamed(value.slice(0, Math.max(equals, 0)), value.slice(equals + 1));
}

function encodeNamed(name: string, text: string): string {
  const encoded = encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
  return name === '' ? encoded : `${name}=${encoded}`;
}

/** RFC 7578. */
async function buildForm(context: UtilityContext, fields: readonly CurlSetting[]): Promise<CurlBody> {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const boundary = `------------------------${[...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const pieces: Uint8Array[] = [];
  for (const { name: option, value } of fields) {
    const [, name = '', text = ''] = /^([^=]*)=([\s\S]*)$/.exec(value) ?? [];
    const [source = '', ...attributes] = option === 'form-string' ? [text] : text.split(';');
    const given = (key: string) => attributes.find((item) => item.startsWith(`${key}=`))?.slice(key.length + 1);
    const isFile = option === 'form' && source.startsWith('@');
    const fromFile = isFile || (option === 'form' && source.startsWith('<'));
    const content = fromFile ? await readInput(context, source.slice(1)) : encoder.encode(source);
    const file = isFile ? `; filename="${given('filename') ?? baseName(source.slice(1))}"` : '';
    const type = given('type') ?? (isFile ? typeOf(given('filename') ?? source) : undefined);
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n`;
    pieces.push(encoder.encode(`${head}${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`), content);
    pieces.push(encoder.encode('\r\n'));
  }
  pieces.push(encoder.encode(`--${boundary}--\r\n`));
  return { data: concatenate(pieces), type: `multipart/form-data; boundary=${boundary}` };
}

const TYPES: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  pdf: 'application/pdf',
  xml: 'application/xml',
};

const typeOf = (file: string): string => TYPES[/\.(\w+)$/.exec(file)?.[1] ?? ''] ?? 'application/octet-stream';

async function readInput(context: UtilityContext, name: string): Promise<Uint8Array> {
  if (name === '-' || name === '.') return await context.stdin.bytes();
  try {
    return await readWhole(context, name);
  } catch {
    throw new HttpError(26, `Failed to open/read local data from file/application`);
  }
}
