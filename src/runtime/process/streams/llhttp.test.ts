import { describe, expect, test } from 'vitest';
import { findLlhttp, Llhttp, type ParserEvents, REQUEST, RESPONSE } from './llhttp.ts';

const { binding } = process as unknown as { binding(name: string): Record<string, string> };
const natives = binding('natives');
const undici = natives['internal/deps/undici/undici'] ?? '';
const llhttp = new Llhttp(WebAssembly, findLlhttp(undici));

function recorder(log: string[], answer = 0): ParserEvents {
  const note = (line: string): number => log.push(line) * 0;
  return {
    onMessageBegin: () => note('begin'),
    onUrl: (part) => note(`url ${part}`),
    onStatus: (part) => note(`status ${part}`),
    onHeaderField: (part) => note(`field ${part}`),
    onHeaderValue: (part) => note(`value ${part}`),
    onHeadersComplete: (status, upgrade, keepAlive) => note(`head ${status} ${upgrade} ${keepAlive}`) + answer,
    onBody: (part) => note(`body ${Buffer.from(part)}`),
    onMessageComplete: () => note('end'),
  };
}

describe('llhttp', () => {
  test('bytes of a chunked body that are none are counted, across executions', () => {
    const parser = llhttp.allocate(REQUEST);
    const framings: number[] = [];
    const events = { ...recorder([]), onBody: (_part: Uint8Array, framing: number) => framings.push(framing) * 0 };
    const run = (text: string) => llhttp.execute(parser, events, Buffer.from(text)).framing;
    run('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n');
    expect(run(`1;${'x'.repeat(98)}`)).toBe(100);
    expect(run('xx\r\na\r\n1\r\nb')).toBe(0);
    expect(framings).toEqual([4, 5]);
  });

  test('pipelined requests with a chunked body, cut anywhere', () => {
    const text =
      'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\nGET /b HTTP/1.1\r\n\r\n';
    const parser = llhttp.allocate(REQUEST);
    const log: string[] = [];
    expect(llhttp.execute(parser, recorder(log), Buffer.from(text))).toMatchObject({
      consumed: text.length,
      code: '',
      reason: '',
    });
    expect(log).toEqual([
      ...['begin', 'url /a', 'field Transfer-Encoding', 'value chunked', 'head 0 false true', 'body abc'],
      ...['field T', 'value 1', 'end', 'begin', 'url /b', 'head 0 false true', 'end'],
    ]);
    expect(llhttp.method(parser)).toBe(1);
    for (let cut = 1; cut < text.length; cut++) {
      const pieces: string[] = [];
      const other = llhttp.allocate(REQUEST);
      llhttp.execute(other, recorder(pieces), Buffer.from(text.slice(0, cut)));
      expect(llhttp.execute(other, recorder(pieces), Buffer.from(text.slice(cut))).code).toBe('');
      expect(pieces.filter((line) => line === 'end')).toHaveLength(2);
      llhttp.free(other);
    }
  });

  test('an upgrade leaves the rest to its user', () => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const parser = llhttp.allocate(RESPONSE);
    const result = llhttp.execute(parser, recorder([], 2), Buffer.from(`${head}raw`));
    expect(result).toMatchObject({ consumed: head.length, code: '', reason: '' });
  });

  test('errors have names, reasons and places', () => {
    const parser = llhttp.allocate(REQUEST);
    expect(llhttp.execute(parser, recorder([]), Buffer.from('GET / HTTP/1.1\r\nFoo bar: x\r\n\r\n'))).toMatchObject({
      consumed: 19,
      code: 'HPE_INVALID_HEADER_TOKEN',
      reason: 'Invalid header token',
    });
    const cut = llhttp.allocate(RESPONSE);
    llhttp.execute(cut, recorder([]), Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'));
    expect(llhttp.finish(cut, recorder([])).code).toBe('HPE_INVALID_EOF_STATE');
  });
});
