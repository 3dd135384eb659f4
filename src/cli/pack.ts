/**
 * A folder as one binary message, from the command line to its page: 4 bytes with the length of a JSON header (little endian), the
 * header (a list of entries), then the files' bytes one after the other.
 */
export type PackEntry =
  | { readonly path: string; readonly type: 'file'; readonly size: number; readonly executable?: boolean }
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'link'; readonly target: string };

export type PackedFile =
  | {
      readonly path: string;
      readonly type: 'file';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly executable?: boolean;
    }
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'link'; readonly target: string };

export function encodePack(files: readonly PackedFile[]): Uint8Array<ArrayBuffer> {
  const entries = files.map((file): PackEntry => {
    if (file.type !== 'file') return file;
    const { bytes, ...entry } = file;
    return { ...entry, size: bytes.length };
  });
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
    const { size, ...file } = entry;
    offset += size;
    return { ...file, bytes: pack.subarray(offset - size, offset) };
  });
}

/** A folder as one message. Rejects when it cannot be read. */
export async function packFolder(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  return encodePack(await readFolder(folder));
}

/** Reads a folder whole, links as links; sockets and devices are left out. Rejects when it cannot be read. */
export async function readFolder(folder: string): Promise<PackedFile[]> {
  // One after the other and at once: for thousands of small files, a promise for each costs more than the reading.
  const { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync } = await import('node:fs');
  const { join } = await import('node:path');
  const packed: PackedFile[] = [];
  const readOne = (path: string, full: string): PackedFile => {
    const fd = openSync(full, 'r');
    try {
      const bytes = new Uint8Array(readFileSync(fd));
      const executable = (fstatSync(fd).mode & 0o111) !== 0;
      return { path, type: 'file', bytes, ...(executable && { executable }) };
    } finally {
      closeSync(fd);
    }
  };
  const visit = (path: string): void => {
    const found = readdirSync(join(folder, path), { withFileTypes: true });
    for (const entry of found.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      const full = join(folder, child);
      if (entry.isDirectory()) {
        packed.push({ path: child, type: 'directory' });
        visit(child);
      } else if (entry.isSymbolicLink()) packed.push({ path: child, type: 'link', target: readlinkSync(full) });
      else if (entry.isFile()) packed.push(readOne(child, full));
    }
  };
  visit('');
  return packed;
}
