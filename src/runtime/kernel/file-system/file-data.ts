/** The bytes of a file in pieces, so that a large file grows without being copied. What was never written takes no room. */

import { copyShared } from '../channel/copy-shared.ts';
import { SystemError } from '../syscalls.ts';

const PIECE = 1 << 20;
const NOTHING = new Uint8Array(0);
/** What is cut off of no more than so many bytes keeps its room: a file that is emptied is written again, and new memory costs more than that. */
const KEPT_BYTES = 4096;

/** What the pieces take of the file system's room. */
export interface Room {
  /** Counts bytes that are taken, or given back; throws ENOSPC. */
  reserve(bytes: number): void;
}

export class FileData {
  #size = 0;
  /** A piece may be shorter than what it stands for: the rest is zero. Or longer than the file: room to grow, all zero. */
  #first: Uint8Array = NOTHING;
  /** Somebody was given a view of it, and may have it still. */
  #isSeen = false;
  /** The pieces behind the first, by number. */
  #rest: Map<number, Uint8Array> | null = null;
  #version = 0;
  /** The version from which on it has only been written to, and grown. */
  #since = 0;
  /** Of those behind the first, by number, the version of the last write. */
  #written: Map<number, number> | null = null;
  /** The same of the first. */
  #firstWritten = 0;
  #adopted: ArrayBufferLike | null = null;

  get size(): number {
    return this.#size;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** The memory of what it has adopted, as long as nothing has changed in it. */
  get adopted(): ArrayBufferLike | null {
    return this.#adopted;
  }

  /** Whether what was there in that version is there still, but for what `parts` gives as written since then. */
  hasOnlyGrown(since: number): boolean {
    return since >= this.#since;
  }

  /** What lies in memory and was written since a version, as views that change with the file: what never was is zero. */
  *parts(since = -1): Generator<{ position: number; bytes: Uint8Array }> {
    for (const [index, piece] of [[0, this.#first] as const, ...(this.#rest ?? [])]) {
      const written = index === 0 ? this.#firstWritten : (this.#written?.get(index) ?? 0);
      if (written <= since) continue;
      const bytes = piece.subarray(0, Math.max(0, this.#size - index * PIECE));
      if (bytes.length > 0) yield { position: index * PIECE, bytes };
    }
  }

  /** Bytes that lie in memory. */
  get stored(): number {
    let stored = Math.min(this.#first.length, this.#size);
    for (const [index, piece] of this.#rest ?? []) stored += Math.min(piece.length, this.#size - index * PIECE);
    return stored;
  }

  /** A view where it lies in one piece, which changes with the file; else a copy. */
  view(position: number, length: number): Uint8Array {
    const end = Math.min(this.#size, position + length);
    if (position >= end) return NOTHING;
    const index = Math.floor(position / PIECE);
    const start = position - index * PIECE;
    const piece = this.#piece(index);
    if (index === 0) this.#isSeen = true;
    if (piece && end - index * PIECE <= piece.length) return piece.subarray(start, end - index * PIECE);
    const copy = new Uint8Array(end - position);
    this.#eachPart(position, end, (part, from, to) => {
      const source = this.#piece(part);
      if (source) copy.set(source.subarray(from, to), part * PIECE + from - position);
    });
    return copy;
  }

  /** Writes, and grows. ENOSPC. */
  write(room: Room, position: number, data: Uint8Array): void {
    const end = position + data.length;
    if (data.length === 0) return;
    this.#change();
    this.#eachPart(position, end, (index, from, to) => {
      this.#noteWrite(index);
      const piece = this.#withRoom(room, index, from, to);
      copyShared(piece, data.subarray(index * PIECE + from - position, index * PIECE + to - position), from);
      this.#size = Math.max(this.#size, index * PIECE + to);
    });
  }

  /** Sets the size; what is new is zero. */
  resize(room: Room, size: number): void {
    this.#change();
    if (size < this.#size) {
      this.#since = this.#version;
      const last = Math.floor(size / PIECE);
      for (const index of [...(this.#rest?.keys() ?? [])])
        if (index >= last) this.#cut(room, index, size - index * PIECE);
      if (last === 0) this.#cut(room, 0, size);
    }
    this.#size = size;
  }

  /** As `resize` to nothing, for good: all room is given back. */
  clear(room: Room): void {
    this.resize(room, 0);
    this.#since = this.#version;
    room.reserve(-this.#first.length);
    this.#first = NOTHING;
  }

  /** Takes these bytes as the whole content, without a copy. ENOSPC. */
  adopt(room: Room, data: Uint8Array): void {
    this.clear(room);
    room.reserve(data.length);
    this.#first = data.length > PIECE ? data.subarray(0, PIECE) : data;
    // It may be a part of more.
    this.#isSeen = true;
    this.#rest = data.length > PIECE ? new Map() : null;
    for (let at = PIECE; at < data.length; at += PIECE) this.#rest?.set(at / PIECE, data.subarray(at, at + PIECE));
    this.#size = data.length;
    this.#adopted = data.buffer;
  }

  /** Takes the content of another one, where this one is empty; what was never written there takes no room here either. ENOSPC. */
  copy(room: Room, source: FileData): void {
    for (const [index, piece] of [[0, source.#first] as const, ...(source.#rest ?? [])])
      this.write(room, index * PIECE, piece.subarray(0, Math.min(piece.length, source.#size - index * PIECE)));
    this.resize(room, source.#size);
  }

  #noteWrite(index: number): void {
    if (index === 0) {
      this.#firstWritten = this.#version;
      return;
    }
    this.#written ??= new Map();
    this.#written.set(index, this.#version);
  }

  #change(): void {
    this.#version++;
    this.#adopted = null;
  }

  #piece(index: number): Uint8Array | undefined {
    return index === 0 ? this.#first : this.#rest?.get(index);
  }

  #put(index: number, piece: Uint8Array): void {
    if (index === 0) {
      this.#first = piece;
      this.#isSeen = false;
    } else if (piece.length === 0) {
      this.#rest?.delete(index);
    } else {
      this.#rest ??= new Map();
      this.#rest.set(index, piece);
    }
  }

  #withRoom(room: Room, index: number, from: number, needed: number): Uint8Array {
    const before = this.#piece(index) ?? NOTHING;
    if (before.length >= needed) return before;
    // The first write is often the only one: it gets what it needs; then room is doubled. What goes on behind a full piece goes on for longer.
    const wanted = before.length > 0 ? before.length * 2 : index > 0 && from === 0 ? PIECE : needed;
    const length = reserveSome(room, before.length, Math.min(PIECE, Math.max(needed, wanted)), needed);
    const piece = newPiece(room, length, before);
    this.#put(index, piece);
    return piece;
  }

  /** Shortens a piece. A new array where a view of the old one may still be on its way to a reader. */
  #cut(room: Room, index: number, length: number): void {
    const before = this.#piece(index) ?? NOTHING;
    if (before.length <= length) return;
    if (index === 0 && !this.#isSeen && before.length <= KEPT_BYTES) {
      before.fill(0, length);
      return;
    }
    const piece = length <= 0 ? NOTHING : before.slice(0, length);
    room.reserve(piece.length - before.length);
    this.#put(index, piece);
  }

  #eachPart(start: number, end: number, visit: (index: number, from: number, to: number) => void): void {
    for (let at = start; at < end; ) {
      const index = Math.floor(at / PIECE);
      const to = Math.min(PIECE, end - index * PIECE);
      visit(index, at - index * PIECE, to);
      at = index * PIECE + to;
    }
  }
}

/** The room for it is given back where there is no memory. RangeError. */
function newPiece(room: Room, length: number, before: Uint8Array): Uint8Array {
  try {
    const piece = new Uint8Array(length);
    piece.set(before);
    return piece;
  } catch (error) {
    room.reserve(before.length - length);
    throw error;
  }
}

/** Reserves what is wanted, or, where there is no such room any more, what is needed; says how much there is then. ENOSPC. */
function reserveSome(room: Room, before: number, wanted: number, needed: number): number {
  if (wanted > needed) {
    try {
      room.reserve(wanted - before);
      return wanted;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }
  room.reserve(needed - before);
  return needed;
}
