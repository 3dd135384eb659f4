/** A response's body as the parts of a reply, whatever the server calls its type: server-sent events, one JSON text, or a JSON text a line. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { parseJson } from '../../parse-json.ts';
import { BrokenStreamError, ForeignReplyError } from '../failures.ts';
import { readable } from '../server-error.ts';

/** The JSON value of one part; 'done' where the server says that the reply is over. */
export type Part = { readonly [key: string]: unknown } | 'done';

/** Characters of one part, or of a reply in one piece. */
const LONGEST_PART = 8_000_000;

/** `onPart` hears of each part that came. Throws BrokenStreamError, and ForeignReplyError when it is no reply at all. */
export async function* readParts(response: Response, onPart: () => void): AsyncGenerator<Part> {
  const texts = readTexts(response);
  const start = await readStart(texts);
  if (isEvents(start)) yield* readEvents(start, texts, onPart);
  else yield* readWhole(start, texts, onPart);
}

const isEvents = (start: string) => /^\s*(data|event|id|retry)?:/.test(start);

async function* readTexts({ body }: Response): AsyncGenerator<string, void> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new BrokenStreamError('The connection broke in the middle of the reply.', { cause: error });
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops reading wants no more of it; a body that broke already has nothing to cancel.
    void reader.cancel().catch(() => undefined);
  }
}

/** Enough of the body to see what it is. */
async function readStart(texts: AsyncGenerator<string, void>): Promise<string> {
  let start = '';
  while (start.trimStart().length < 6) {
    const { done, value } = await texts.next();
    if (done) break;
    start += value;
  }
  return start.replace(/^\uFEFF/, '');
}

async function* readEvents(start: string, texts: AsyncGenerator<string, void>, onPart: () => void) {
  const queue: EventSourceMessage[] = [];
  let isTooLong = false;
  const parser = createParser({
    maxBufferSize: LONGEST_PART,
    onEvent: (event) => void queue.push(event),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') isTooLong = true;
    },
  });
  function* parts(): Generator<Part> {
    if (isTooLong) throw new BrokenStreamError(`The server sent one event of more than ${LONGEST_PART} characters.`);
    for (const { data, event } of queue.splice(0)) {
      if (data.trim() === '') continue;
      onPart();
      for (const text of textsOf(data)) {
        if (text.trim().startsWith('[DONE]')) yield 'done';
        else yield event === 'error' ? asError(text) : parseEvent(text);
      }
    }
  }
  parser.feed(start);
  yield* parts();
  for await (const text of texts) {
    parser.feed(text);
    yield* parts();
  }
  // Some servers leave out the empty line after the last event.
  parser.feed('\n\n');
  yield* parts();
}

/** Some servers leave out the empty line between events: then each line is one. */
function textsOf(data: string): readonly string[] {
  const lines = data.split('\n').filter((line) => line.trim() !== '');
  const isOne = lines.length === 1 || parseJson(data) !== undefined;
  return isOne || !lines.every((line) => line.trim() === '[DONE]' || isRecord(parseJson(line))) ? [data] : lines;
}

/** Some servers say that it is one by the event's name alone. */
function asError(data: string): Part {
  const value = parseJson(data);
  return isRecord(value) && 'error' in value ? value : { error: value ?? data };
}

function parseEvent(data: string): Part {
  const value = parseJson(data);
  if (isRecord(value)) return value;
  throw new BrokenStreamError(`The server sent broken JSON in its stream: ${data.slice(0, 120)}`);
}

async function* readWhole(
  start: string,
  texts: AsyncGenerator<string, void>,
  onPart: () => void,
): AsyncGenerator<Part> {
  let text = start;
  for await (const more of texts) {
    text += more;
    onPart();
    if (text.length > LONGEST_PART) break;
  }
  onPart();
  if (text.length > LONGEST_PART) {
    yield { choices: [{ message: { content: text }, finish_reason: 'length' }] };
    return;
  }
  if (text.trim() === '') throw new BrokenStreamError('The server closed the connection without an answer.');
  const value = parseJson(text);
  const lines = value === undefined ? text.trim().split('\n').map(parseJson) : [value];
  if (lines.every(isRecord)) {
    yield* lines;
    yield 'done';
  } else if (/^\s*[{[]/.test(text)) throw new BrokenStreamError('The server sent broken JSON, or half of it.');
  else
    throw new ForeignReplyError(`The server did not answer with JSON but with ${shown(text)}: is the base URL right?`);
}

function shown(text: string): string {
  const said = readable(text).slice(0, 120);
  if (said === '') return 'nothing that can be read';
  return said.startsWith('a page titled') ? said : `"${said}"`;
}

/** An array is an error in Google's shape. */
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
