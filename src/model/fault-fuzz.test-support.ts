/** A chat server drawn by a seed: replies in all dialects, well-formed ones and spoilt ones, and all failures between them. */
import { gzipSync } from 'node:zlib';
import { createRandom, type Random } from '../cli/bench/edits/random.ts';
import { type ChatRequest, delta, event, type Handler, USAGE } from './fault-server.test-support.ts';

type Call = readonly [name: string, args: unknown];
interface Reply {
  readonly text: string;
  readonly calls: readonly Call[];
}

export interface FaultFuzz {
  readonly handlerOf: (index: number, body: ChatRequest) => Handler;
  /** What was answered, for the message of a test that fails. */
  readonly trace: readonly string[];
}

export interface FaultFuzzOptions {
  /** What hostile servers repeat in their errors. */
  readonly key: string;
}

/** The same seed gives the same answers to the same requests. */
export function createFaultFuzz(seed: number, { key }: FaultFuzzOptions): FaultFuzz {
  const random = createRandom(seed * 7919 + 1);
  const host = {
    faults: random.pick([0, 0, 0.1, 0.1, 0.2, 0.4, 0.75]),
    refusals: random.chance(0.3) ? [random.pick(REFUSALS)] : [],
    said: random.pick(FAILURES),
    repeats: random.chance(0.15),
    nasty: random.chance(0.3) ? 0.5 : 0.08,
  };
  const trace: string[] = [];
  return {
    trace,
    handlerOf: (index, body) => {
      const refusal = host.refusals.find(({ when }) => when(body));
      const [name, handler] = refusal
        ? ['refusal', status(400, refusal.said)]
        : random.chance(host.faults)
          ? failure(random, host.repeats ? host.said : random.pick(FAILURES), { body, key })
          : reply(random, replyTo(random, body, host.nasty), body);
      trace.push(`${index}: ${name}`);
      return handler;
    },
  };
}

// -- what a model says ---------------------------------------------------------------------------------------------------

const SUM = 'exports.sum = (a, b) => a + b;\n';
const FIX: Call = ['edit_file', { path: 'src/sum.js', edits: [{ find: 'a - b', replace: 'a + b' }] }];
const TESTS: Call = ['run_tests', {}];
const PLAIN: readonly Call[] = [
  ['list_files', {}],
  ['read_file', { path: 'src/sum.js' }],
  ['search', { query: 'sum' }],
  ['edit_file', { path: 'src/sum.js', edits: [{ find: 'a - b', replace: 'a * b' }] }],
  ['edit_file', { path: './src/sum.js', edits: [{ find: 'nothing', replace: '' }] }],
  ['write_file', { path: 'src/sum.js', content: SUM }],
  ['write_file', { path: 'notes.md', content: 'é€😀\n' }],
  ['delete_file', { path: 'notes.md' }],
  ['run_command', { command: 'echo hello' }],
  TESTS,
  FIX,
];
/** JSON that no recursive reader survives. */
const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const NASTY: readonly Call[] = [
  ['fly_to_the_moon', { now: true }],
  ['', {}],
  ['__proto__', {}],
  ['constructor', {}],
  ['read_file', '{"path": "src/su'],
  ['read_file', 'not JSON at all'],
  ['read_file', null],
  ['read_file', [1, 2, 3]],
  ['read_file', { path: 7 }],
  ['read_file', DEEP],
  ['write_file', { path: '__proto__', content: 'x' }],
  ['write_file', { path: 'constructor', content: 'x' }],
  ['write_file', { path: 'a/../../b', content: 'x' }],
  ['write_file', { path: `${'n'.repeat(300)}.js`, content: 'x' }],
  ['write_file', { path: 'new\nline.js', content: 'x' }],
  ['write_file', { path: 'half\ud83d.js', content: 'x' }],
  ['write_file', { path: 'half.js', content: 'a \ud83d b' }],
  ['write_file', { path: 'nul.js', content: 'a \0 b' }],
  ['write_file', { path: 'bom.js', content: '\uFEFFa\r\nb' }],
  ['write_file', { path: 'big.js', content: 'abcdefg\n'.repeat(60_000) }],
  ['edit_file', { path: 'src/sum.js', edits: [{ find: 'b;', replace: 'b; // \udc00' }] }],
  ['edit_file', { path: 'src/sum.js', edits: [] }],
  ['run_command', { command: 'yes | head -c 3000000' }],
  ['multi_tool_use.parallel', { tool_uses: [{ recipient_name: 'functions.list_files', parameters: {} }] }],
  ['give_up', {}],
];

function replyTo(random: Random, body: ChatRequest, nasty: number): Reply {
  const names = toolsOf(body);
  const text = random.pick(['', 'I look.', 'Ich schaue „nach“ – 好的 😀.', 'x'.repeat(3000)]);
  const some = (calls: readonly Call[]): Reply => ({ text, calls });
  if (names.length === 0)
    return { text: random.pick([`src/sum.js\n\`\`\`js\n${SUM}\`\`\``, 'It is wrong.', text]), calls: [] };
  if (random.chance(nasty)) return some(Array.from({ length: 1 + random.below(3) }, () => random.pick(NASTY)));
  if (random.chance(0.07)) return { text: text || 'Let me think.', calls: [] };
  if (names.includes('give_review') && random.chance(0.6))
    return some([['give_review', { approved: random.chance(0.6), comments: 'So it is.' }]]);
  if (names.includes('make_plan') && random.chance(0.6))
    return some([['make_plan', { steps: ['Make sum add.', 'See to it.'] }]]);
  if (names.includes('propose_tests') && random.chance(0.6))
    return some([[...NEW_TEST], ['propose_tests', { summary: 'It adds.' }]]);
  if (names.includes('step_done') && random.chance(0.5))
    return some([
      FIX,
      random.pick<Call>([
        ['step_done', { summary: 'Done.' }],
        ['step_failed', { reason: 'No.' }],
      ]),
    ]);
  if (random.chance(0.25)) return some([FIX, TESTS, ['finish', { summary: 'It adds.' }]]);
  return some(Array.from({ length: 1 + random.below(4) }, () => random.pick(PLAIN)));
}

const NEW_TEST: Call = [
  'write_file',
  {
    path: 'test/more.test.js',
    content: "const { sum } = require('../src/sum.js');\nif (sum(1, 1) !== 2) throw new Error('no sum');\n",
  },
];

function toolsOf({ tools = [], messages }: ChatRequest): readonly string[] {
  if (tools.length > 0) return tools.map((tool) => (tool as { function: { name: string } }).function.name);
  const told = messages
    .map(({ content }) => String(content))
    .find((content) => content.includes('You act through tools'));
  return [...(told ?? '').matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name);
}

// -- how it is sent ------------------------------------------------------------------------------------------------------

const usages: readonly (() => unknown)[] = [
  () => USAGE,
  () => ({ ...USAGE, cost: 0.01, prompt_tokens_details: { cached_tokens: 60 } }),
  () => ({ input_tokens: 90, output_tokens: 9 }),
  () => ({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
  () => ({ prompt_tokens: '12', completion_tokens: -4 }),
  () => null,
  () => undefined,
];

function reply(random: Random, said: Reply, body: ChatRequest): readonly [string, Handler] {
  const isText = (body.tools ?? []).length === 0;
  const spoken = isText
    ? { text: [said.text, ...said.calls.map((call) => written(random, call))].join('\n'), calls: [] }
    : said;
  const name = `${said.calls.map(([tool]) => tool).join(', ')} ${JSON.stringify(said.text.slice(0, 20))}`;
  const whole = body.stream !== true || random.chance(0.15);
  const parts = partsOf(random, spoken);
  if (whole) return [`whole ${name}`, sendWhole(random, spoken)];
  const bytes = Buffer.from(eventsOf(random, parts));
  const kind = random.pick(['plain', 'plain', 'plain', 'bytes', 'bytes', 'gzip', 'cut', 'stay', 'reset']);
  return [`${kind} ${name}`, send(random, bytes, kind)];
}

function written(random: Random, [name, args]: Call): string {
  const json = JSON.stringify({ name, arguments: args });
  const fields = typeof args === 'object' && args !== null ? Object.entries(args) : [];
  const tags = fields.map(
    ([key, value]) => `<${key}>${typeof value === 'string' ? value : JSON.stringify(value)}</${key}>`,
  );
  return random.pick([
    `<tool name="${name}">\n${tags.join('\n')}\n</tool>`,
    `<tool name="${name}">\n${tags.join('\n')}\n</tool>`,
    `<tool_call>\n${json}\n</tool_call>`,
    `\`\`\`json\n${json}\n\`\`\``,
    `<tool name="${name}">\n${tags.join('\n').slice(0, -4)}`,
  ]);
}

function partsOf(random: Random, { text, calls }: Reply): readonly unknown[] {
  const usage = random.pick(usages)();
  const thought = random.chance(0.3) ? 'Hm. '.repeat(random.below(9)) : '';
  const thoughts = random.pick([
    delta({ reasoning_content: thought }),
    delta({ reasoning: thought }),
    delta({ reasoning_details: [{ type: 'reasoning.text', text: thought, index: 0 }] }),
    delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: thought }] }] }),
    delta({ content: `<think>${thought}</think>` }),
  ]);
  const finish = random.pick([
    calls.length > 0 ? 'tool_calls' : 'stop',
    'stop',
    'stop',
    null,
    'length',
    'content_filter',
    'banana',
  ]);
  return [
    ...(random.chance(0.3) ? [{ choices: [], prompt_filter_results: [] }] : []),
    delta(
      random.pick<object>([
        { role: 'assistant', content: null },
        { role: 'assistant', content: '' },
        { role: 'assistant' },
      ]),
    ),
    ...(thought === '' ? [] : [thoughts]),
    ...(text.match(/.{1,11}/gsu) ?? []).map((content) => delta({ content })),
    ...callParts(random, calls),
    random.chance(0.1) ? delta({ refusal: 'I cannot help with that.' }) : delta({}),
    ...(random.chance(0.1) ? [{ choices: null }, { choices: [{ index: 0 }] }] : []),
    { ...delta({}, finish), ...(random.chance(0.2) ? { usage } : {}) },
    ...(random.chance(0.7) ? [{ choices: [], usage }] : []),
  ];
}

function callParts(random: Random, calls: readonly Call[]): readonly unknown[] {
  const style = random.pick([
    'pieces',
    'pieces',
    'interleaved',
    'at once',
    'no index',
    'no id',
    'same id',
    'legacy',
    'value',
  ]);
  const textOf = (args: unknown) => (typeof args === 'string' ? args : JSON.stringify(args));
  const id = (index: number) =>
    ({ 'no id': undefined, 'same id': 'call_1' })[style] ?? `call_${index}_${random.below(1000)}`;
  if (style === 'legacy')
    return calls.map(([name, args]) => delta({ function_call: { name, arguments: textOf(args) } }));
  if (style === 'value')
    return calls.map(([name, args], index) =>
      delta({ tool_calls: [{ index, id: id(index), function: { name, arguments: args } }] }),
    );
  if (style === 'no index' || style === 'at once')
    return calls.map(([name, args], index) =>
      delta({
        tool_calls: [
          { ...(style === 'at once' ? { index } : {}), id: id(index), function: { name, arguments: textOf(args) } },
        ],
      }),
    );
  const heads = calls.map(([name], index) =>
    delta({ tool_calls: [{ index, id: id(index), type: 'function', function: { name, arguments: '' } }] }),
  );
  const tails = calls.map(([, args], index) =>
    (textOf(args).match(/.{1,400}/gsu) ?? []).map((piece) =>
      delta({ tool_calls: [{ index, function: { arguments: piece } }] }),
    ),
  );
  if (style !== 'interleaved') return heads.flatMap((head, index) => [head, ...(tails[index] ?? [])]);
  const longest = Math.max(0, ...tails.map(({ length }) => length));
  return [...heads, ...Array.from({ length: longest }, (_, at) => tails.flatMap((tail) => tail[at] ?? [])).flat()];
}

function eventsOf(random: Random, parts: readonly unknown[]): string {
  const style = random.pick(['plain', 'plain', 'crlf', 'comments', 'lines', 'bom', 'named', 'tight']);
  const events = parts.map((part) => {
    if (style === 'comments') return `: alive\n\n${event(part)}`;
    if (style === 'lines') return `${JSON.stringify(part, null, 1).replace(/^/gm, 'data: ')}\n\n`;
    if (style === 'named') return `id: 1\nevent: message\nretry: 10\n${event(part)}`;
    return style === 'tight' ? `data:${JSON.stringify(part)}\n\n` : event(part);
  });
  const end = random.pick(['data: [DONE]\n\n', 'data: [DONE]\n\n', 'data: [DONE]', '', ': bye\n\n']);
  const text = `${style === 'bom' ? '\uFEFF' : ''}${events.join('')}${end}`;
  return style === 'crlf' ? text.replaceAll('\n', '\r\n') : text;
}

function send(random: Random, bytes: Buffer, kind: string): Handler {
  const type = random.pick(['text/event-stream', 'text/event-stream', 'text/plain', 'application/json', 'text/html']);
  const at = random.below(bytes.length + 1);
  const size = 1 + random.below(40);
  return (response) => {
    if (kind === 'gzip')
      return void response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(gzipSync(bytes));
    response.writeHead(200, { 'content-type': type });
    if (kind === 'plain') return void response.end(bytes);
    if (kind === 'cut') return void response.write(bytes.subarray(0, at), () => response.destroy());
    if (kind === 'reset') return void response.write(bytes.subarray(0, at), () => response.socket?.resetAndDestroy());
    // All of it, and the connection stays open.
    if (kind === 'stay') return void response.write(bytes);
    const step = (from: number): void => {
      if (from >= bytes.length) response.end();
      else
        response.write(bytes.subarray(from, from + Math.max(size, Math.ceil(bytes.length / 60))), () =>
          step(from + Math.max(size, Math.ceil(bytes.length / 60))),
        );
    };
    step(0);
  };
}

function sendWhole(random: Random, { text, calls }: Reply): Handler {
  const message = {
    role: 'assistant',
    content: random.pick([text, text === '' ? null : [{ type: 'text', text }]]),
    ...(calls.length === 0
      ? {}
      : random.chance(0.2) && calls[0]
        ? { function_call: { name: calls[0][0], arguments: JSON.stringify(calls[0][1]) } }
        : {
            tool_calls: calls.map(([name, args], index) => ({
              id: `c${index}`,
              type: 'function',
              function: {
                name,
                arguments: random.chance(0.2) ? args : typeof args === 'string' ? args : JSON.stringify(args),
              },
            })),
          }),
  };
  const value = {
    choices: [{ index: 0, message, finish_reason: random.pick(['stop', null, 'length', 'tool_calls']) }],
    usage: random.pick(usages)(),
  };
  const body = `${random.pick(['', '\uFEFF', '\n\n'])}${JSON.stringify(value)}`;
  const type = random.pick(['application/json', 'text/html', 'text/event-stream']);
  return (response) => void response.writeHead(200, { 'content-type': type }).end(body);
}

// -- what fails ----------------------------------------------------------------------------------------------------------

const REFUSALS: readonly { when: (body: ChatRequest) => boolean; said: string }[] = [
  { when: ({ tools }) => (tools ?? []).length > 0, said: 'this model does not support tools' },
  { when: ({ stream }) => stream === true, said: 'stream is not supported by this model' },
  { when: (body) => 'stream_options' in body, said: 'Unrecognized request argument supplied: stream_options' },
  {
    when: ({ messages }) => messages.some(({ role }) => role === 'system'),
    said: "'messages[0].role' does not support 'system' with this model",
  },
  {
    when: ({ messages }) => JSON.stringify(messages).length > 6000,
    said: "This model's maximum context length is 2048 tokens. However, your messages resulted in 2300 tokens.",
  },
  {
    when: ({ messages }) => JSON.stringify(messages).length > 9000,
    said: 'prompt is too long: 3000 tokens > 2500 maximum',
  },
];

interface Asked {
  readonly body: ChatRequest;
  readonly key: string;
}
type Failure = (random: Random, asked: Asked) => readonly [string, Handler];

const failure = (random: Random, make: Failure, asked: Asked) => make(random, asked);

const status =
  (code: number, message: string, headers: Record<string, string> = {}): Handler =>
  (response) =>
    response
      .writeHead(code, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message } }));
const raw =
  (code: number, text: string, headers: Record<string, string> = {}): Handler =>
  (response) =>
    response.writeHead(code, headers).end(text);
const SSE = { 'content-type': 'text/event-stream' };

const FAILURES: readonly Failure[] = [
  (random) => {
    const wait = random.pick<Record<string, string>>([
      {},
      { 'retry-after': '0' },
      { 'retry-after': '1' },
      { 'retry-after': '86400' },
      { 'retry-after': '999999999999999999' },
      { 'retry-after': '-5' },
      { 'retry-after': 'soon' },
      { 'retry-after': new Date(Date.now() + 50).toUTCString() },
      { 'retry-after': 'Wed, 21 Oct 2065 07:28:00 GMT' },
      { 'retry-after-ms': '3' },
      { 'retry-after-ms': '' },
    ]);
    return [`429 ${JSON.stringify(wait)}`, status(429, 'Rate limit reached', wait)];
  },
  (random, { key }) => {
    const code = random.pick([
      400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 451, 500, 501, 502, 503, 504, 520, 529, 599,
    ]);
    const message = random.pick([
      'no',
      `Incorrect API key provided: ${key}.`,
      'model `x` not found',
      '',
      'The server had an error',
    ]);
    const body = random.pick([
      JSON.stringify({ error: { message, type: 'x', code: null } }),
      JSON.stringify({ error: message }),
      JSON.stringify({ detail: [{ loc: ['body', 'messages'], msg: message, input: key }] }),
      JSON.stringify([{ error: { code, message, status: 'INTERNAL' } }]),
      `<html><head><title>${code} ${message}</title></head><body>${'<p>x</p>'.repeat(2000)}</body></html>`,
      message,
      '{"error": {"mess',
      DEEP,
    ]);
    return [
      `${code} ${body.slice(0, 60)}`,
      raw(code, body, { 'content-type': random.pick(['application/json', 'text/html', '']) }),
    ];
  },
  (random) => {
    const type = random.pick(['application/json', 'text/html']);
    return [
      'an error page that breaks off',
      (response) => {
        response.writeHead(500, { 'content-type': type, 'content-length': '1000' });
        response.write('{"error":', () => response.destroy());
      },
    ];
  },
  () => ['hangs up', (response) => void response.destroy()],
  () => ['resets', (response) => void response.socket?.resetAndDestroy()],
  () => ['is silent', () => undefined],
  () => ['is silent after its headers', (response) => response.writeHead(200, SSE).flushHeaders()],
  () => ['is silent in an error', (response) => void response.writeHead(500).write('{')],
  () => [
    'only comments',
    (response) => {
      response.writeHead(200, SSE);
      const timer = setInterval(() => response.write(': PROCESSING\n\n'), 20);
      response.on('close', () => clearInterval(timer));
    },
  ],
  (random) => {
    const text = random.pick([
      'data: {{{\n\n',
      'data: "text"\n\n',
      'data: 7\n\n',
      'data: null\n\n',
      'data: [1]\n\n',
      'data:\n\n',
      'data: [DONE]\n\n',
      'event: error\ndata: {"message":"overloaded"}\n\n',
      'data: {"error":{"message":"overloaded","code":529}}\n\n',
      'data: {"type":"error","error":"oh"}\n\n',
      'data: {"choices":[null]}\n\n',
      'data: {"choices":{}}\n\n',
      'data: {"choices":[{"delta":"x"}]}\n\n',
      'data: {"choices":[]}\n\ndata: [DONE]\n\n',
      'data: {"choices":[{"delta":{"content":{"a":1}}}]}\n\n',
      ': x',
      '\0\0\0\0',
      '\uFEFF',
      '{',
      '[]',
      '{}',
      'null',
      '""',
      'OK',
      '{"choices":[]}',
      '{"choices":[{}]}',
      '{"choices":[{"message":{}}]}',
      '{"choices":[{"message":{"content":null}}]}',
      '{"id":"x","object":"list"}',
    ]);
    return [
      `200 ${JSON.stringify(text)}`,
      raw(200, text, { 'content-type': random.pick(['text/event-stream', 'application/json', 'text/html']) }),
    ];
  },
  () => ['204', (response) => void response.writeHead(204).end()],
  () => ['a page', raw(200, '<html><title>Welcome to the hotel</title></html>', { 'content-type': 'text/html' })],
  () => ['bad gzip', raw(200, 'this is no gzip', { ...SSE, 'content-encoding': 'gzip' })],
  () => ['huge headers', raw(200, '{}', { 'x-huge': 'h'.repeat(70_000) })],
  () => ['no HTTP', (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n')],
  () => ['deep content', raw(200, `{"choices":[{"message":{"content":${DEEP}}}]}`)],
  () => ['10 MB of text', raw(200, JSON.stringify({ choices: [{ message: { content: 'abc '.repeat(2_600_000) } }] }))],
  () => [
    '10 MB of arguments',
    (response) => {
      response.writeHead(200, SSE);
      response.write(
        event(
          delta({
            tool_calls: [{ index: 0, id: 'a', function: { name: 'write_file', arguments: '{"path":"a","content":"' } }],
          }),
        ),
      );
      const more = (left: number): void => {
        if (left > 0 && !response.destroyed)
          response.write(
            event(delta({ tool_calls: [{ index: 0, function: { arguments: `${left} `.repeat(9000) } }] })),
            () => more(left - 1),
          );
        else response.end();
      };
      more(200);
    },
  ],
  () => [
    'one event without end',
    (response) => {
      response.writeHead(200, SSE);
      response.write('data: ');
      const more = (left: number): void =>
        void (left > 0 && !response.destroyed && response.write('x'.repeat(100_000), () => more(left - 1)));
      more(120);
    },
  ],
  (random) => [
    'a drip',
    (response) => {
      response.writeHead(200, SSE);
      const timer = setInterval(() => response.write(event(delta({ content: random.pick(['la ', 'lo ']) }))), 25);
      response.on('close', () => clearInterval(timer));
    },
  ],
];
