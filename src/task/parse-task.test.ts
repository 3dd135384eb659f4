import { describe, expect, it } from 'vitest';
import { parseTaskFile, TaskError, taskFromFolder } from './parse-task.ts';

const json = JSON.stringify({ title: 'T', goal: 'G', level: 'easy', solution: 'solution', unknown: 1 });

describe('taskFromFolder', () => {
  it('takes the files below files/', () => {
    const task = taskFromFolder('t', { 'task.json': json, 'files/package.json': '{}', 'solution/a.js': '' }, null);
    expect(task).toEqual({
      name: 't',
      title: 'T',
      goal: 'G',
      test: 'npm test',
      level: 'easy',
      editable: [],
      protected: [],
      hints: [],
      files: { 'package.json': '{}' },
      solution: { 'a.js': '' },
    });
  });

  const hide = (hidden: string) => JSON.stringify({ title: 'T', goal: 'G', hidden, checks: { lint: 'eslint .' } });

  it.each(['held-out', './held-out/', 'files/held-out'])('keeps held-out tests in %s apart from the files', (place) => {
    const path = `${place.replace(/^\.\/|\/$/g, '')}/test/x.test.js`;
    const folder = { 'task.json': hide(place), 'files/package.json': '{}', [path]: 'x' };
    const task = taskFromFolder('t', folder, null);
    expect(task.files).toEqual({ 'package.json': '{}' });
    expect(task.hidden).toEqual({ 'test/x.test.js': 'x' });
    expect(task.checks).toEqual({ lint: 'eslint .' });
  });

  it('takes the folder "hidden" for held-out tests when the task does not say, and a named one that is not there for a mistake', () => {
    const folder = { 'files/package.json': '{}', 'hidden/h.js': '1' };
    expect(taskFromFolder('t', { 'task.json': json, 'solution/a.js': '', ...folder }, null).hidden).toEqual({
      'h.js': '1',
    });
    expect(() => taskFromFolder('t', { 'task.json': hide('tests'), ...folder }, null)).toThrow(/hidden: .*"tests"/);
    expect(() => taskFromFolder('t', { 'task.json': hide('../x'), ...folder }, null)).toThrow(/not a folder inside/);
  });

  it('takes a plain project, with the goal that is given', () => {
    const task = taskFromFolder('p', { 'package.json': '{}', 'a.js': '1' }, 'do it');
    expect([task.goal, task.test, Object.keys(task.files)]).toEqual(['do it', 'npm test', ['package.json', 'a.js']]);
  });

  it('takes a project with its task.json beside its files, and one whose task.json is its own', () => {
    const project = { 'package.json': '{}', 'hidden/h.js': '1', 'solution/a.js': '2' };
    const task = taskFromFolder('p', { ...project, 'task.json': json }, null);
    expect([task.goal, task.files, task.hidden]).toEqual(['G', { 'package.json': '{}' }, { 'h.js': '1' }]);
    const own = taskFromFolder('p', { ...project, 'task.json': '{"todo":[]}' }, null);
    expect([Object.keys(own.files).length, own.hidden]).toEqual([4, undefined]);
  });

  it('refuses a folder that is neither', () => {
    expect(() => taskFromFolder('x', { 'a.txt': '' }, null)).toThrow(TaskError);
    expect(() => taskFromFolder('x', { 'task.json': '{' }, null)).toThrow('x/task.json: not valid JSON');
    expect(() => taskFromFolder('x', { 'task.json': json }, null)).toThrow(TaskError);
  });
});

describe('parseTaskFile', () => {
  it.each([
    ['{', /t\.json: not valid JSON/],
    ['{"title":"T"}', /t\.json: .*goal/s],
    ['{"title":"T","goal":"G","level":"absurd"}', /level/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseTaskFile(text, 't.json')).toThrow(message);
  });
});
