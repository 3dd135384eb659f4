/** A server on the loopback that speaks OpenAI's chat completions, well or in all the ways in which servers fail. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly unknown[];
  readonly stream?: boolean;
  readonly [key: string]: unknown;
}

/** Answers one request. */
export type Handler = (response: ServerResponse, body: ChatRequest, request: IncomingMessage) => void;

export interface FaultServer extends AsyncDisposable {
  /** "http://127.0.0.1:40123/v1" */
  readonly baseUrl: string;
  /** The bodies that came to /chat/completions, in order. */
  readonly bodies: readonly ChatRequest[];
  readonly requests: readonly IncomingMessage[];
}

/** `handlerOf` gives the answer to the n-th chat request; `models` is what /v1/models lists, null a 404. */
export async function startFaultServer(
  handlerOf: (index: number, body: ChatRequest) => Handler,
  models: readonly object[] | null = null,
): Promise<FaultServer> {
  const bodies: ChatRequest[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    if (request.url === '/v1/models' && models)
      return void json({ object: 'list', data: models })(response, NO_BODY, request);
    if (request.url !== '/v1/chat/completions') return void failing(404, 'no such path')(response, NO_BODY, request);
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body = JSON.parse(text) as ChatRequest;
    bodies.push(body);
    handlerOf(bodies.length - 1, body)(response, body, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const NO_BODY: ChatRequest = { model: '', messages: [] };

// -- what is well-formed -------------------------------------------------------------------------------------------------

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Handler =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

/** Server-sent events; a string is sent as it is. */
export const stream =
  (parts: readonly unknown[], end = 'data: [DONE]\n\n', type = 'text/event-stream'): Handler =>
  (response) => {
    response.writeHead(200, { 'content-type': type });
    for (const part of parts) response.write(typeof part === 'string' ? part : event(part));
    response.end(end);
  };

export const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

export const delta = (value: unknown, finish: string | null = null) => ({
  choices: [{ index: 0, delta: value, finish_reason: finish }],
});

export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

export interface Said {
  readonly text?: string;
  readonly calls?: readonly (readonly [name: string, args: object | string])[];
}

/** A reply in pieces as real servers send them: the text by words, a call's name first and its arguments a few characters at a time. */
export function piecesOf({ text = '', calls = [] }: Said, turn = 0): readonly unknown[] {
  const words = text === '' ? [] : text.split(/(?<= )/);
  return [
    delta({ role: 'assistant', content: '' }),
    ...words.map((content) => delta({ content })),
    ...calls.flatMap(([name, args], index) => {
      const written = typeof args === 'string' ? args : JSON.stringify(args);
      return [
        delta({
          tool_calls: [{ index, id: `call_${turn}_${index}`, type: 'function', function: { name, arguments: '' } }],
        }),
        ...(written.match(/.{1,7}/gs) ?? []).map((piece) =>
          delta({ tool_calls: [{ index, function: { arguments: piece } }] }),
        ),
      ];
    }),
    delta({}, calls.length > 0 ? 'tool_calls' : 'stop'),
    { choices: [], usage: USAGE },
  ];
}

export const says = (said: Said, turn = 0): Handler => stream(piecesOf(said, turn));

// -- what fails ----------------------------------------------------------------------------------------------------------

export const failing = (status: number, message: string, headers: Record<string, string> = {}): Handler =>
  json({ error: { message } }, status, headers);

/** The connection is closed after this many parts of the reply. */
export const cut =
  (said: Said, parts: number): Handler =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = piecesOf(said).slice(0, parts).map(event).join('');
    response.write(text, () => response.destroy());
  };

/** Not a byte more after this many parts, and the connection stays open; with none, not even headers. */
export const stall =
  (said: Said, parts: number): Handler =>
  (response) => {
    if (parts === 0) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(piecesOf(said).slice(0, parts).map(event).join(''));
  };

/** Signs of life, and never a reply. */
export const onlyComments: Handler = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write(': processing\n\n'), 20);
  response.on('close', () => clearInterval(timer));
};

export const disconnect: Handler = (response) => response.destroy();

/** A stream that does not end by itself before it has sent this many characters of text. */
export const huge =
  (characters: number): Handler =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let count = 0;
    const part = () => {
      count += 1;
      return event(
        delta({
          content: Array.from({ length: 5_000 }, (_, index) => `${count}-${index} `)
            .join('')
            .slice(0, 50_000),
        }),
      );
    };
    const send = (left: number): void => {
      if (left <= 0) response.end(event(delta({}, 'stop')));
      else if (!response.destroyed) response.write(part(), () => send(left - 50_000));
    };
    send(characters);
  };

export const page =
  (status: number, title: string): Handler =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'text/html' })
      .end(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);
