/**
 * A folder as one binary message, from the command line to its page: 4 bytes with the length of a JSON header (little endian), the
 * header (a list of entries), then the files' bytes one after the other.
 */
export type PackEntry =
  | { readonly path: string; readonly type: 'file'; readonly size: number }
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'link'; readonly target: string };

export type PackedFile =
  | { readonly path: string; readonly type: 'file'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'link'; readonly target: string };

export function encodePack(files: readonly PackedFile[]): Uint8Array<ArrayBuffer> {
  const entries = files.map(
    (file): PackEntry => (file.type === 'file' ? { path: file.path, type: 'file', size: file.bytes.length } : file),
  );
  const header = new TextEncoder().encode(JSON.stringify(entries));
  const size = files.reduce((sum, file) => sum + (file.type === 'file' ? file.bytes.length : 0), 4 + header.length);
  const pack = new Uint8Array(size);
  new DataView(pack.buffer).setUint32(0, header.length, true);
  pack.set(header, 4);
  let offset = 4 + header.length;
  for (const file of files) {
    if (file.type !== 'file') continue;
    pack.set(file.bytes, offset);
    offset += file.bytes.length;
  }
  return pack;
}

/** The files' bytes are views of the pack. */
export function decodePack(pack: Uint8Array<ArrayBuffer>): PackedFile[] {
  const headerLength = new DataView(pack.buffer, pack.byteOffset).getUint32(0, true);
  const entries = JSON.parse(new TextDecoder().decode(pack.subarray(4, 4 + headerLength))) as PackEntry[];
  let offset = 4 + headerLength;
  return entries.map((entry) => {
    if (entry.type !== 'file') return entry;
    offset += entry.size;
    return { path: entry.path, type: 'file', bytes: pack.subarray(offset - entry.size, offset) };
  });
}

/** A folder as one message. Rejects when it cannot be read. */
export async function packFolder(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  return encodePack(await readFolder(folder));
}

/** Reads a folder whole, links as links; sockets and devices are left out. Rejects when it cannot be read. */
export async function readFolder(folder: string): Promise<PackedFile[]> {
  // One after the other and at once: for thousands of small files, a promise for each costs more than the reading.
  const { readdirSync, readFileSync, readlinkSync } = await import('node:fs');
  const { join } = await import('node:path');
  const packed: PackedFile[] = [];
  const visit = (path: string): void => {
    const found = readdirSync(join(folder, path), { withFileTypes: true });
    for (const entry of found.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      const full = join(folder, child);
      if (entry.isDirectory()) {
        packed.push({ path: child, type: 'directory' });
        visit(child);
      } else if (entry.isSymbolicLink()) packed.push({ path: child, type: 'link', target: readlinkSync(full) });
      else if (entry.isFile()) packed.push({ path: child, type: 'file', bytes: new Uint8Array(readFileSync(full)) });
    }
  };
  visit('');
  return packed;
}
