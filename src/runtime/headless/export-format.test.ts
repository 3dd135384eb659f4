import { expect, it } from 'vitest';
import { exportFormat } from './export-format.ts';

it('knows the formats of the client, with a limit to each file', () => {
  expect(exportFormat()).toEqual({ format: 'json', head: null });
  expect(exportFormat('zip')).toEqual({ format: 'zip', head: null });
  expect(exportFormat('binary;head=12')).toEqual({ format: 'binary', head: 12 });
});

it.each(['tar', '', 'binary;head=', 'binary;head=-1', 'json;', 5, null])('refuses %j', (name) => {
  expect(() => exportFormat(name)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
});
