/** A server on the loopback that speaks OpenAI's chat completions and says what a script says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One reply: a text, and the tools it calls with their arguments. */
export interface ScriptedReply {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: object }[];
}

interface ServerOptions {
  /** The reply to a conversation with n replies in it is the nth. */
  readonly script: readonly ScriptedReply[];
  /** False: answers whole although asked to stream. */
  readonly streams?: boolean;
  /** False: no page may read the answers. */
  readonly allowsPages?: boolean;
}

export interface OpenAIServer extends AsyncDisposable {
  /** "http://127.0.0.1:40123/v1" */
  readonly baseUrl: string;
  /** The Authorization headers that came, one a request. */
  readonly authorizations: readonly string[];
}

export async function startOpenAIServer({
  script,
  streams = true,
  allowsPages = true,
}: ServerOptions): Promise<OpenAIServer> {
  const authorizations: string[] = [];
  const server = createServer(async (request, response) => {
    if (allowsPages) allowPages(response);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.url !== '/v1/chat/completions') return void response.writeHead(404).end('{}');
    authorizations.push(request.headers.authorization ?? '');
    const { model, messages, stream } = await readJson(request);
    const index = messages.filter(({ role }) => role === 'assistant').length;
    const reply = script[index] ?? { text: 'The script has ended.', calls: [] };
    if (stream && streams) sendStream(response, model, { reply, index });
    else sendWhole(response, model, { reply, index });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    authorizations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Turn {
  readonly reply: ScriptedReply;
  readonly index: number;
}

const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

function allowPages(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
  response.setHeader('Access-Control-Allow-Methods', 'POST');
}

async function readJson(request: IncomingMessage) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text) as { model: string; messages: readonly { role: string }[]; stream?: boolean };
}

const toolCalls = ({ reply, index }: Turn) =>
  reply.calls.map((call, position) => ({
    index: position,
    id: `call_${index}_${position}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));

function sendWhole(response: ServerResponse, model: string, turn: Turn): void {
  const message = { role: 'assistant', content: turn.reply.text, tool_calls: toolCalls(turn) };
  const body = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    usage: USAGE,
  };
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** In pieces as real servers send them: the text by words, a call's name first and its arguments a few characters at a time. */
function sendStream(response: ServerResponse, model: string, turn: Turn): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const send = (choices: readonly object[], more: object = {}) =>
    response.write(
      `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model, choices, ...more })}\n\n`,
    );
  const delta = (part: object) => send([{ index: 0, delta: part, finish_reason: null }]);
  for (const word of turn.reply.text.split(/(?<= )/)) delta({ content: word });
  for (const { index, id, type, function: call } of toolCalls(turn)) {
    delta({ tool_calls: [{ index, id, type, function: { name: call.name, arguments: '' } }] });
    for (const piece of call.arguments.match(/.{1,7}/gs) ?? [])
      delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  send([{ index: 0, delta: {}, finish_reason: 'tool_calls' }]);
  send([], { usage: USAGE });
  response.end('data: [DONE]\n\n');
}

const FIND = 'roundToCents(price - rate)';

/** A conversation that repairs the task "discount" by this expression. */
export const repairDiscount = (expression: string): readonly ScriptedReply[] => [
  { text: 'First the failing tests.', calls: [{ name: 'run_tests', arguments: {} }] },
  { text: '', calls: [{ name: 'read_file', arguments: { path: 'src/discount.js' } }] },
  {
    text: 'A rate is a part of the price.',
    calls: [
      {
        name: 'edit_file',
        arguments: { path: 'src/discount.js', edits: [{ find: FIND, replace: `roundToCents(${expression})` }] },
      },
    ],
  },
  { text: '', calls: [{ name: 'run_tests', arguments: {} }] },
  { text: 'All tests pass.', calls: [{ name: 'finish', arguments: { summary: 'The rate is taken off the price.' } }] },
];
