/**
 * How a command and its page speak: the page asks this server for a job, tells what happens meanwhile, and hands in the result. It is
 * plain HTTP and not the browser's debugging protocol, because that one declares the whole page dead when only the sandbox inside it died.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CommandPage, PageMessage } from '../page-api.ts';
import type { Route } from './serve.ts';

export type Verb = keyof CommandPage;
export type Job = { [Name in Verb]: { readonly verb: Name; readonly request: Parameters<CommandPage[Name]>[0] } }[Verb];
export type JobEnd = { readonly value: unknown } | { readonly error: string };

/** A page that is there asks again at once whether it is to stop. */
const LOST_MILLISECONDS = 20_000;

export interface JobServer {
  readonly routes: Readonly<Record<string, Route>>;
  /** Who answers what the page asks; nobody before. */
  answerWith(answer: (question: string) => Promise<string | null>): void;
  /** Has the page do it; rejects with the page's error. One at a time. */
  call<Name extends Verb>(verb: Name, request: Parameters<CommandPage[Name]>[0]): ReturnType<CommandPage[Name]>;
  /** Tells the page to bring this job, and all that follow, to an early end. */
  stop(): void;
}

interface Pending {
  readonly job: Job;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export function createJobServer(onMessage: (message: PageMessage) => void): JobServer {
  let pending: Pending | null = null;
  let asking: ServerResponse | null = null;
  let waitingForStop: ServerResponse | null = null;
  let losing: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let answerer: (question: string) => Promise<string | null> = () => Promise.resolve(null);

  const hand = () => {
    if (!pending || !asking) return;
    asking.setHeader('Content-Type', 'application/json');
    asking.end(JSON.stringify(pending.job));
    asking = null;
  };
  const tellStop = () => {
    if (!stopped || !waitingForStop) return;
    waitingForStop.end();
    waitingForStop = null;
  };
  const finish = (end: JobEnd) => {
    const done = pending;
    pending = null;
    clearTimeout(losing);
    if ('error' in end) done?.reject(new Error(end.error));
    else done?.resolve(end.value);
  };
  const lose = () => finish({ error: 'The page in the browser died.' });
  return {
    routes: {
      '/__job': (_request, response) => {
        asking = response;
        response.on('close', () => {
          if (asking === response) asking = null;
        });
        hand();
      },
      // Asked at the start of each job, answered when the job is to stop.
      '/__stop': (_request, response) => {
        waitingForStop = response;
        clearTimeout(losing);
        response.on('close', () => {
          if (waitingForStop !== response) return;
          waitingForStop = null;
          clearTimeout(losing);
          if (pending) losing = setTimeout(lose, LOST_MILLISECONDS).unref();
        });
        tellStop();
      },
      '/__emit': answering((messages) => (messages as PageMessage[]).forEach(onMessage)),
      '/__ask': (request, response) =>
        readBody(request, (question) => {
          void answerer(String(question)).then((answer) => response.end(JSON.stringify(answer)));
        }),
      '/__done': answering((end) => finish(end as JobEnd)),
    },
    answerWith(answer) {
      answerer = answer;
    },
    stop() {
      stopped = true;
      tellStop();
    },
    call: (verb, request) =>
      new Promise((resolve, reject) => {
        pending = { job: { verb, request } as Job, resolve: resolve as (value: unknown) => void, reject };
        hand();
      }) as ReturnType<CommandPage[typeof verb]>,
  };
}

/** Reads the JSON that was posted and answers when it was taken. */
const answering =
  (take: (body: unknown) => void): Route =>
  (request: IncomingMessage, response: ServerResponse) => {
    readBody(request, (body) => {
      take(body);
      response.statusCode = 204;
      response.end();
    });
  };

function readBody(request: IncomingMessage, take: (body: unknown) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => take(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
}
