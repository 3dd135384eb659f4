/**
 * A session as the fragment of a URL: `#s1=` + base64url(checksum, then deflated JSON).
 * The checksum is CRC-32 of the deflated bytes: a changed or cut link is told from one that was never a session.
 */
import { Deflate, Inflate } from 'fflate';
import { decodeBase64, encodeBase64 } from '../session/content.ts';
import type { SessionFile } from '../session/events.ts';
import { parseSessionText, SessionFormatError } from '../session/format/parse-session.ts';
import { crc32 } from './crc32.ts';

/** A link that cannot be opened; the message is for the user. */
export class LinkError extends Error {
  override name = 'LinkError';
}

/** Characters up to which a link is comfortable: beyond it, chats and mail begin to cut it. */
export const COMFORTABLE_LINK = 32 * 1024;
/** Bytes of JSON beyond which a link is not unpacked, so that a small link cannot fill the memory. */
export const LARGEST_SESSION = 64 * 1024 * 1024;

const PREFIX = 's1=';
const CHECKSUM = 4;
const PIECE = 4096;
const AGAIN = 'Ask for the link again, or for the session as a file.';

/** Where an absent `#` and percent-encoding by some programs are no reason to refuse. */
function payloadOf(fragment: string): string {
  const text = fragment.trim().replace(/^#/, '').replace(/%3D/gi, '=');
  if (text.startsWith(PREFIX)) return text.slice(PREFIX.length).replace(/=+$/, '');
  const version = /^s(\d+)=/.exec(text)?.[1];
  if (version !== undefined) {
    throw new LinkError(
      `This link was made with a newer Fixpoint (link version ${version}; this one reads version 1). Reload the page to get the newest Fixpoint, then open the link again.`,
    );
  }
  throw new LinkError('This link holds no Fixpoint session: its end should begin with "#s1=".');
}

function fromBase64Url(payload: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(payload)) {
    throw new LinkError(`This link is damaged: it holds characters that no link has. ${AGAIN}`);
  }
  if (payload.length % 4 === 1) throw new LinkError(`This link was cut: its end is missing. ${AGAIN}`);
  return decodeBase64(payload.replaceAll('-', '+').replaceAll('_', '/'));
}

function toBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function joinPieces(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function deflate(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  const packer = new Deflate({ level: 9, mem: 12 }, (piece) => pieces.push(piece));
  packer.push(bytes, true);
  return joinPieces(pieces);
}

/** Unpacks piece by piece, so that the limit holds before the memory is taken. */
function inflate(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const unpacker = new Inflate((piece, final) => {
    length += piece.length;
    if (length > LARGEST_SESSION) {
      throw new LinkError('This link unpacks to more than 64 MB, which no session needs: it was not opened.');
    }
    pieces.push(piece);
    ended = final;
  });
  for (let at = 0; at < packed.length; at += PIECE) {
    unpacker.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  }
  if (!ended) throw new Error('the data ends too early');
  return joinPieces(pieces);
}

function unpack(packed: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(inflate(packed));
  } catch (cause) {
    if (cause instanceof LinkError) throw cause;
    throw new LinkError(`This link is damaged: it cannot be unpacked. ${AGAIN}`, { cause });
  }
}

/**
 * The fragment of a session's link, with its "#". Only the fields that the format names are in it.
 * Rejects with SessionFormatError for what is not a session.
 */
export async function encodeLink(session: SessionFile): Promise<string> {
  const text = JSON.stringify(parseSessionText(JSON.stringify(session)));
  const packed = deflate(new TextEncoder().encode(text));
  const bytes = new Uint8Array(CHECKSUM + packed.length);
  new DataView(bytes.buffer).setUint32(0, crc32(packed));
  bytes.set(packed, CHECKSUM);
  return `#${PREFIX}${toBase64Url(bytes)}`;
}

/** The session of a link's fragment, with or without its "#". Rejects with LinkError. */
export async function decodeLink(fragment: string): Promise<SessionFile> {
  const bytes = fromBase64Url(payloadOf(fragment));
  if (bytes.length <= CHECKSUM) throw new LinkError(`This link was cut: it holds no session. ${AGAIN}`);
  const packed = bytes.subarray(CHECKSUM);
  if (new DataView(bytes.buffer).getUint32(0) !== crc32(packed)) {
    throw new LinkError(`This link is damaged: a part of it was cut off or changed on its way. ${AGAIN}`);
  }
  try {
    return parseSessionText(unpack(packed));
  } catch (cause) {
    if (cause instanceof SessionFormatError) throw new LinkError(cause.message, { cause });
    throw cause;
  }
}
