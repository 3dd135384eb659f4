/** PEM (RFC 7468), with the headers of encrypted keys (RFC 1421). */
import { decodeLatin1, encodeLatin1 } from '../../streams/text.ts';

export interface PemBlock {
  label: string;
  /** "Proc-Type" and "DEK-Info" of a traditionally encrypted key. */
  headers: ReadonlyMap<string, string>;
  content: Uint8Array<ArrayBuffer>;
}

const LINE = 64;

/** Every block of the text, in order; what lies between them is skipped. */
export function readPem(bytes: Uint8Array): PemBlock[] {
  const blocks: PemBlock[] = [];
  const text = decodeLatin1(bytes);
  for (const match of text.matchAll(/-----BEGIN ([^\r\n]*?)-----[^\S\n]*\r?\n([\s\S]*?)-----END \1-----/g)) {
    const [, label = '', body = ''] = match;
    const headers = new Map<string, string>();
    const lines = body.split(/\r?\n/);
    while (lines[0]?.includes(':')) {
      const [name = '', ...rest] = (lines.shift() ?? '').split(':');
      headers.set(name.trim(), rest.join(':').trim());
    }
    const content = decodeBase64(lines.join(''));
    if (content !== null) blocks.push({ label, headers, content });
  }
  return blocks;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const clean = text.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(clean) ? encodeLatin1(atob(clean)) : null;
}

export function writePem(label: string, content: Uint8Array, headers = ''): string {
  const base64 = btoa(decodeLatin1(content));
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${headers}${lines.join('\n')}\n-----END ${label}-----\n`;
}
