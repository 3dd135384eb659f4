import { describe, expect, test } from 'vitest';
import { sampleEvents, sampleSession } from '../session.test-support.ts';
import { verifyTrees } from './consistency.ts';
import { parseSessionFile, parseSessionText, SessionFormatError } from './parse-session.ts';

// biome-ignore lint/suspicious/noExplicitAny: damage is done to fields of every kind
type Damaged = any;

function damaged(damage: (file: Damaged) => void): unknown {
  const file: Damaged = JSON.parse(JSON.stringify(sampleSession()));
  damage(file);
  return file;
}

describe('parseSessionFile', () => {
  test('gives back what was written, through JSON', () => {
    expect(parseSessionText(JSON.stringify(sampleSession(), null, 2))).toEqual(sampleSession());
  });

  test('keeps binary files and absent fields as they were', () => {
    const file = damaged((each) => {
      each.events[0].files['x.png'] = { base64: '/9j/' };
      each.events[3].reasoning = 'because';
    });
    expect(parseSessionFile(structuredClone(file))).toEqual(file);
  });

  test('drops fields that the format does not name', () => {
    const file = damaged((each) => {
      each.settings = { apiKey: 'sk-secret' };
      each.events[1].apiKey = 'sk-secret';
      each.events[0].task.apiKey = 'sk-secret';
    });
    expect(JSON.stringify(parseSessionFile(file))).not.toContain('sk-secret');
  });

  const garbage: Record<string, [unknown, string]> = {
    null: [null, 'not a Fixpoint session'],
    'a text': ['x', 'not a Fixpoint session'],
    'another format': [{ format: 'other/1' }, 'not a Fixpoint session'],
    'a later format': [{ format: 'fixpoint-session/12' }, 'made with a newer Fixpoint (format 12'],
    'no events': [{ format: 'fixpoint-session/1', id: 'x', events: [] }, 'events: is empty'],
    'an unknown event': [damaged((file) => (file.events[2].type = 'danced')), 'event 2, "type"'],
    'a wrong tree hash': [damaged((file) => (file.events[0].tree = 'abc')), 'event 0, "tree": is not a tree hash'],
    'a negative count': [damaged((file) => (file.events[2].step = -1)), 'event 2, "step"'],
    'a lost event': [damaged((file) => file.events.splice(4, 1)), 'event 4 (files-changed): it says it is number 5'],
    'a second start': [damaged((file) => (file.events[1] = { ...file.events[0], seq: 1 })), 'starts once'],
    'an unknown parent': [
      damaged((file) => (file.events.find((event: Damaged) => event.type === 'attempt-made').parent = '7')),
      'attempt "7" was not made before it',
    ],
    'an unknown run': [damaged((file) => (file.events[2].run = 'r9')), 'run "r9" was not started'],
    'a path out of the project': [
      damaged((file) => (file.events[0].files['../../etc/passwd'] = '')),
      '"../../etc/passwd" is not a path inside the project',
    ],
  };
  test.each(Object.entries(garbage))('says what is wrong: %s', (_, [value, message]) => {
    expect(() => parseSessionFile(value)).toThrow(SessionFormatError);
    expect(() => parseSessionFile(value)).toThrow(message);
  });

  test('says when a text is not JSON', () => {
    expect(() => parseSessionText('{"format": "fixp')).toThrow('it is not JSON');
  });
});

describe('verifyTrees', () => {
  test('finds nothing in a true log', () => {
    expect(verifyTrees(sampleEvents())).toEqual([]);
  });

  test('names the events from which files and hashes part', () => {
    const file = damaged((each) => {
      each.events.find((event: Damaged) => event.type === 'files-changed').changes[0].content += ' ';
    });
    const found = verifyTrees(parseSessionFile(file).events);
    expect(found.map(({ seq, type }) => [seq, type])).toEqual([[5, 'files-changed']]);
  });
});
