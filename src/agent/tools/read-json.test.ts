import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';

describe('readJson', () => {
  it.each([
    ['', {}],
    ['{"a": 1}', { a: 1 }],
    [' [1, 2]\n', [1, 2]],
  ])('reads %j as it is', (text, value) => {
    expect(readJson(text)).toEqual({ ok: true, value, mended: null });
  });

  it.each([
    ['{"content": "one\ntwo\tthree\r\n"}', { content: 'one\ntwo\tthree\r\n' }, 'line breaks'],
    ['{"edits": [{"find": "a,}", "replace": "b"},],}', { edits: [{ find: 'a,}', replace: 'b' }] }, 'a comma'],
    ['```json\n{"path": "a.js"}\n```', { path: 'a.js' }, 'the Markdown fence'],
    ['```\n{"a": "x\ny",}\n```', { a: 'x\ny' }, 'the Markdown fence around it and line breaks'],
    ['{"a": "say \\"hi\\"\n"}', { a: 'say "hi"\n' }, 'line breaks'],
  ])('mends %j and says what', (text, value, mended) => {
    expect(readJson(text)).toEqual({ ok: true, value, mended: expect.stringContaining(mended) });
  });

  it.each([
    ['{"path": "a.js", "content": "function a() {}', 'in the middle of a string, after 44 characters'],
    ['{"content": "a\nb', 'in the middle of a string'],
    ['{"edits": [{"find": "a", "replace": "b"}', 'before its last bracket is closed'],
    ['```json\n{"a": "b', 'in the middle of a string'],
  ])('never closes what was cut off: %j', (text, error) => {
    expect(readJson(text)).toEqual({ ok: false, error: expect.stringContaining(error) });
  });

  it.each([
    ['{"a" 1}', 'at character 5: …{"a" ⟨here⟩1}…'],
    ["{'a': 1}", 'at character 1: …{⟨here⟩'],
    ['{"find": "a "b" c"}', 'at character 13: …{"find": "a "⟨here⟩b" c"}…'],
    ['hello', 'is not valid JSON: hello'],
  ])('says where %j is wrong', (text, error) => {
    expect(readJson(text)).toEqual({ ok: false, error: expect.stringContaining(error) });
  });
});
