import { expect, test } from 'vitest';
import { TOOLS } from '../../agent/tools/index.ts';
import { argumentsOf, fieldsOf } from './parameters.ts';

const fields = fieldsOf({
  type: 'object',
  required: ['path', 'edits'],
  properties: {
    path: { type: 'string', description: 'Which file.' },
    from: { type: 'integer' },
    all: { type: 'boolean' },
    globs: { type: 'array', items: { type: 'string' } },
    edits: { type: 'array', items: { type: 'object', required: ['find'], properties: { find: { type: 'string' } } } },
  },
});

test('a schema gives fields', () => {
  expect(fields.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
    ['path', 'text', true],
    ['from', 'number', false],
    ['all', 'flag', false],
    ['globs', 'json', false],
    ['edits', 'list', true],
  ]);
  expect(fields[0]?.hint).toBe('Which file.');
});

test('what was filled in gives arguments; what is empty is left out, and required text stays', () => {
  const edits = [{ find: 'a\n' }, { find: '' }];
  expect(argumentsOf(fields, { path: 'a.js', from: '3', all: true, globs: '["*.js"]', edits })).toEqual({
    path: 'a.js',
    from: 3,
    all: true,
    globs: ['*.js'],
    edits: [{ find: 'a\n' }, { find: '' }],
  });
  expect(argumentsOf(fields, { path: '', from: '', all: false })).toEqual({ path: '' });
  expect(() => argumentsOf(fields, { globs: 'x' })).toThrow(SyntaxError);
});

test('every tool can be called from a form', () => {
  for (const { description } of TOOLS) {
    const names = Object.keys((description.parameters as { properties?: object }).properties ?? {});
    expect(fieldsOf(description.parameters).map(({ name }) => name)).toEqual(names);
  }
});
