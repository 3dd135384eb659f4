import { describe, expect, test } from 'vitest';
import type { NewEvent, SessionEvent, SessionFile } from '../session/events.ts';
import type { Files } from '../session/files.ts';
import { findInconsistency, verifyTrees } from '../session/format/consistency.ts';
import { parseSessionFile } from '../session/format/parse-session.ts';
import { newEvents, sampleSession, startFiles } from '../session/session.test-support.ts';
import { findInText } from './find-in-text.ts';
import { findSecrets, redactSession } from './redact.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const random = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8n';
const keys: Record<string, string> = {
  'Anthropic key': `sk-ant-api03-${random}`,
  'OpenAI key': `sk-proj-${random}`,
  'OpenRouter key': `sk-or-v1-${random}`,
  'GitHub token': `ghp_${random}`,
  'AWS access key': `AKIA${'IOSFODNN7EXAMPLE'}`,
  'Google key': `AIza${random.slice(0, 35)}`,
  'Slack token': `xoxb-${'123456789012'}-${random.slice(0, 24)}`,
  'npm token': `npm_${random.slice(0, 36)}`,
  'JSON web token': `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${random}`,
  'private key': `-----BEGIN RSA PRIVATE KEY-----\n${random}${random}\n${random}==\n-----END RSA PRIVATE KEY-----`,
};
const openAi = keys['OpenAI key'] ?? '';
const privateKey = keys['private key'] ?? '';
const textsFound = (text: string) => findInText(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

describe('secrets in a text', () => {
  test.each(Object.entries(keys))('%s: alone, quoted, assigned, and inside JSON', (kind, key) => {
    for (const around of [key, `x\n${key}\ny`, `("${key}")`, `token = '${key}';`]) {
      expect(textsFound(around)).toEqual([[kind, key]]);
    }
    const json = JSON.stringify({ content: `a\n${key}\nb` });
    expect(textsFound(json).map(([found]) => found)).toEqual([kind]);
    expect(json.replace(textsFound(json)[0]?.[1] ?? '', '')).toBe('{"content":"a\\n\\nb"}');
  });

  test('passwords in URLs, not users, ports or placeholders', () => {
    expect(textsFound('postgres://bob:hunter2@db.example.org/x')).toEqual([['password in a URL', 'hunter2']]);
    for (const none of [
      'https://example.org:8080/a@b',
      'postgres://postgres:postgres@localhost',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands for such a text.
      'https://user:${PASSWORD}@host',
      'https://user:password@host',
      'git+ssh://git@github.com:a/b',
    ]) {
      expect(textsFound(none)).toEqual([]);
    }
  });

  test.each([
    'const apiKey = "q8Zx3Rt7Lm2Vb9Kp4";',
    'API_TOKEN=q8Zx3Rt7Lm2Vb9Kp4',
    '{"client_secret": "q8Zx3Rt7Lm2Vb9Kp4"}',
    '{\\"password\\": \\"q8Zx3Rt7Lm2Vb9Kp4\\"}',
    'db_password: q8Zx3Rt7Lm2Vb9Kp4',
    'Authorization: Bearer q8Zx3Rt7Lm2Vb9Kp4',
  ])('assignments: %s', (text) => {
    expect(textsFound(text)).toEqual([['secret', 'q8Zx3Rt7Lm2Vb9Kp4']]);
  });

  test.each([
    'commit da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'cacheKey: "da39a3ee5e6b4b0d3255bfef95601890afd80709"',
    '"integrity": "sha512-q8Zx3Rt7Lm2Vb9Kp4q8Zx3Rt7Lm2Vb9Kp4q8Zx3Rt7Lm2Vb9Kp4==",',
    'key: "123e4567-e89b-12d3-a456-426614174000"',
    'const token = process.env.TOKEN;',
    'const token = sha256Base64Url2(input);',
    'password: "correct horse battery staple"',
    'key = "ArrowDownLeftCorner"',
    'sk-loading-spinner-container-inner',
    "if (text.includes('-----BEGIN PRIVATE KEY-----')) return true; // and so on",
    'keyboard: "http://www.w3.org/2000/svg"',
  ])('no alarm: %s', (text) => {
    expect(textsFound(text)).toEqual([]);
  });

  test('10 MB of what invites an expression to try again end', () => {
    const size = 10 * 1024 * 1024;
    for (const piece of [
      'a',
      'eyJ',
      'key=',
      'sk-',
      '://',
      'token: ',
      '-----BEGIN PRIVATE KEY-----',
      'eyJaaaaaaaaaa.',
      'const a = 1;\n',
    ]) {
      const text = piece.repeat(size / piece.length);
      // Three of these make a token of the web.
      const tokens = piece.startsWith('eyJa') ? Math.floor(size / piece.length / 3) : 0;
      expect(findInText(text).length, piece).toBe(tokens);
    }
  });
});

/** The sample session with more files at its start, and with its events changed. */
function sessionWith(files: Files, change: (event: NewEvent) => NewEvent = (event) => event): SessionFile {
  const events = newEvents.map((event, seq): SessionEvent => {
    const changed = change(event);
    if (changed.type !== 'session-started') return { ...changed, seq, at: seq };
    return { ...changed, files: { ...startFiles, ...files }, seq, at: seq };
  });
  const computed = new Map(verifyTrees(events).map((mismatch) => [mismatch.seq, mismatch.computed]));
  const withTrees = events.map((event) => {
    const tree = computed.get(event.seq);
    return 'tree' in event && tree !== undefined ? { ...event, tree } : event;
  });
  return parseSessionFile({ format: 'fixpoint-session/1', id: 'secret', events: withTrees });
}

const leaky = sessionWith(
  {
    'src/config.js': `export const url = "x";\n// ${openAi}\n`,
    '.env': 'NAME=me\nDEPLOY=q8Zx3Rt7Lm2Vb9Kp4\n',
    'key.pem': privateKey,
  },
  (event) => {
    if (event.type === 'model-replied') {
      return {
        ...event,
        text: `I saw ${openAi}.`,
        calls: event.calls.map((call) => ({ ...call, arguments: JSON.stringify({ pem: privateKey }) })),
      };
    }
    if (event.type === 'command-finished') return { ...event, output: 'deploying with q8Zx3Rt7Lm2Vb9Kp4\n' };
    return event;
  },
);

describe('secrets in a session', () => {
  test('the sample has none, and stays as it is', () => {
    expect(findSecrets(sampleSession())).toEqual([]);
    expect(redactSession(sampleSession(), [])).toEqual(sampleSession());
  });

  test('are named with kind and place', () => {
    expect(verifyTrees(leaky.events)).toEqual([]);
    const places = findSecrets(leaky).map(({ kind, event, place }) => `${event} ${kind}: ${place}`);
    expect(places.slice(0, 6)).toEqual([
      '0 OpenAI key: file src/config.js',
      '0 .env file: file .env',
      '0 private key: file key.pem',
      "3 OpenAI key: the model's text",
      "3 private key: the model's call of edit",
      "3 private key: the model's call of verify",
    ]);
    expect(JSON.stringify(findSecrets(leaky))).not.toContain(openAi);
  });

  test('are masked everywhere, and the session stays consistent', () => {
    const redacted = redactSession(leaky, findSecrets(leaky));
    const text = JSON.stringify(redacted);
    for (const secret of [openAi, random, 'q8Zx3Rt7Lm2Vb9Kp4']) expect(text).not.toContain(secret);
    expect(text).toContain('I saw ‹redacted: OpenAI key›.');
    expect(text).toContain('deploying with ‹redacted: .env file›');
    expect(parseSessionFile(redacted)).toEqual(redacted);
    expect(findInconsistency(redacted.events)).toBeNull();
    expect(verifyTrees(redacted.events)).toEqual([]);
    expect(findSecrets(redacted)).toEqual([]);
    expect(redactSession(leaky, findSecrets(leaky))).toEqual(redacted);
    const call = redacted.events.find((event) => event.type === 'model-replied')?.calls[0];
    expect(JSON.parse(call?.arguments ?? '')).toEqual({ pem: '‹redacted: private key›' });
  });

  test('only those that are named are masked', () => {
    const redacted = redactSession(
      leaky,
      findSecrets(leaky).filter(({ kind }) => kind === 'OpenAI key'),
    );
    const text = JSON.stringify(redacted);
    expect(text).not.toContain(openAi);
    expect(text).toContain('q8Zx3Rt7Lm2Vb9Kp4');
    expect(verifyTrees(redacted.events)).toEqual([]);
  });

  test('a tree that was wrong before is not made right', () => {
    const events = leaky.events.map((event) =>
      event.type === 'head-moved' ? { ...event, tree: '0'.repeat(40) } : event,
    );
    const redacted = redactSession({ ...leaky, events }, findSecrets({ ...leaky, events }));
    expect(verifyTrees(redacted.events)).toMatchObject([{ type: 'head-moved' }]);
  });

  test('a file whose name is a field of the format is looked into', () => {
    const session = sessionWith({ type: openAi, id: openAi });
    expect(findSecrets(session).map(({ place }) => place)).toEqual(['file type', 'file id']);
    expect(JSON.stringify(redactSession(session, findSecrets(session)))).not.toContain(openAi);
  });
});
