import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { SessionFormatError } from '../session/format/parse-session.ts';
import { sampleSession } from '../session/session.test-support.ts';
import { crc32 } from './crc32.ts';
import { COMFORTABLE_LINK, decodeLink, encodeLink, LARGEST_SESSION, LinkError } from './link.ts';
import { exportSession, importSession } from './session-text.ts';

/** A link made by hand around any bytes, with a right checksum. */
function linkAround(packed: Uint8Array): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(packed));
  return `#s1=${Buffer.concat([checksum, packed]).toString('base64url')}`;
}
const linkOfText = (text: string) => linkAround(deflateSync(new TextEncoder().encode(text)));

describe('links', () => {
  test('give back the session, with "#" and without', async () => {
    const link = await encodeLink(sampleSession());
    expect(link).toMatch(/^#s1=[\w-]+$/);
    expect(await decodeLink(link)).toEqual(sampleSession());
    expect(await decodeLink(link.slice(1))).toEqual(sampleSession());
  });

  test('keep text outside ASCII', async () => {
    const session = sampleSession();
    const first = session.events[0]!;
    if (first.type !== 'session-started') throw new Error('the sample starts otherwise');
    const events = [{ ...first, files: { 'ü.js': '\ufeff\u{1f600}\r\n', 'x.png': { base64: '/9j/' } } }];
    const changed = { ...session, events };
    expect(await decodeLink(await encodeLink(changed))).toEqual(changed);
  });

  test('are small', async () => {
    expect((await encodeLink(sampleSession())).length).toBeLessThan(COMFORTABLE_LINK / 10);
  });

  test('never hold a key of the settings', async () => {
    const session = { ...sampleSession(), settings: { apiKey: 'sk-secret' }, apiKey: 'sk-secret' };
    const decoded = await decodeLink(await encodeLink(session));
    expect(JSON.stringify(decoded)).not.toContain('sk-secret');
    expect(exportSession(session)).not.toContain('sk-secret');
  });

  test('refuse what is not a session before it is shared', async () => {
    await expect(encodeLink({ ...sampleSession(), events: [] })).rejects.toThrow(SessionFormatError);
  });
});

describe('damaged links', () => {
  test('every cut is noticed, and every changed character', async () => {
    const link = await encodeLink(sampleSession());
    for (let length = 4; length < link.length; length += 7) {
      await expect(decodeLink(link.slice(0, length))).rejects.toThrow(LinkError);
    }
    for (let at = 4; at < link.length - 1; at += 7) {
      const other = link[at] === 'A' ? 'B' : 'A';
      await expect(decodeLink(link.slice(0, at) + other + link.slice(at + 1))).rejects.toThrow(LinkError);
    }
  });

  const damages: Record<string, [string, string]> = {
    'no session': ['#section-2', 'holds no Fixpoint session'],
    nothing: ['', 'holds no Fixpoint session'],
    'a later version': ['#s2=AAAA', 'made with a newer Fixpoint (link version 2'],
    'other characters': ['#s1=AAAA BBBB', 'characters that no link has'],
    'no payload': ['#s1=', 'holds no session'],
    'not deflated': [linkAround(new Uint8Array([255, 255, 255])), 'cannot be unpacked'],
    'deflated, but cut': [linkAround(deflateSync(new Uint8Array(5000).fill(65)).subarray(0, 5)), 'cannot be unpacked'],
    'not JSON': [linkOfText('{"format":'), 'it is not JSON'],
    'another JSON': [linkOfText('{"a":1}'), 'not a Fixpoint session'],
    'a later format': [linkOfText('{"format":"fixpoint-session/2"}'), 'made with a newer Fixpoint (format 2'],
  };
  test.each(Object.entries(damages))('say what is wrong: %s', async (_, [link, message]) => {
    const error: unknown = await decodeLink(link).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LinkError);
    expect(String(error)).toContain(message);
  });

  test('a bomb is not unpacked', async () => {
    const bomb = linkAround(deflateSync(new Uint8Array(LARGEST_SESSION + 1)));
    await expect(decodeLink(bomb)).rejects.toThrow('more than 64 MB');
  });
});

describe('session files', () => {
  test('give back the session', () => {
    expect(importSession(exportSession(sampleSession()))).toEqual(sampleSession());
  });
});
