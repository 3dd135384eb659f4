import { expect, it } from 'vitest';
import type { Message } from '../model.ts';
import { readConversation } from './conversation.ts';

const called = (name: string, args: object, result: string): Message[] => {
  const id = `${name} ${result}`;
  return [
    { role: 'assistant', content: '', toolCalls: [{ id, name, arguments: JSON.stringify(args) }] },
    { role: 'tool', callId: id, content: result },
  ];
};

it('knows an edit whose answer notes a risk below', () => {
  const edit = { path: 'a.js', edits: [{ find: '1', replace: '2' }] };
  const { texts, tried } = readConversation([
    ...called('read_file', { path: 'a.js' }, 'a.js, lines 1 to 1 of 1\n1: exit(1)'),
    ...called('edit_file', edit, 'a.js: one replacement made.\nNoted as a risk: a.js:1 ends the process: exit(2)'),
  ]);
  expect(texts.get('a.js')).toBe('exit(2)');
  expect(tried.size).toBe(0);
});
