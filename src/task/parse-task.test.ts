import { describe, expect, it } from 'vitest';
import { parseTaskDescription, TaskError, taskFromFolder } from './parse-task.ts';

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
    });
  });

  it('takes a plain project, with the goal that is given', () => {
    const task = taskFromFolder('p', { 'package.json': '{}', 'a.js': '1' }, 'do it');
    expect([task.goal, task.test, Object.keys(task.files)]).toEqual(['do it', 'npm test', ['package.json', 'a.js']]);
  });

  it('refuses a folder that is neither', () => {
    expect(() => taskFromFolder('x', { 'a.txt': '' }, null)).toThrow(TaskError);
  });
});

describe('parseTaskDescription', () => {
  it.each([
    ['{', /t\.json: not valid JSON/],
    ['{"title":"T"}', /t\.json: .*goal/s],
    ['{"title":"T","goal":"G","level":"absurd"}', /level/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseTaskDescription(text, 't.json')).toThrow(message);
  });
});
