/** `sandbox`: one command, or a batch of them, in a fresh embedded sandbox. */
import { createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { type OpenPage, withCommandPage } from '../browser/command-page.ts';
import type { BatchItem, Mount } from '../page-api.ts';
import { collect, parsePositive, UsageError } from './arguments.ts';

interface Options {
  timeout: string;
  env: string[];
  cwd?: string;
  mount: string[];
  split?: boolean;
  batch?: string;
  out?: string;
  concurrency: string;
}

export function addSandboxCommand(program: Command, root: string): void {
  program
    .command('sandbox')
    .description(
      'run a command in a fresh sandbox: sandbox [options] DIR -- CMD ARG…, or sandbox --batch IN.jsonl --out OUT.jsonl',
    )
    .argument('[dir]')
    .argument('[command...]')
    .option('--timeout <seconds>', 'kill after this long; exit code 124', '120')
    .option('--env <K=V>', 'environment variable (repeatable)', collect, [])
    .option('--cwd <path>', "working directory, relative to the project's folder or absolute")
    .option('--mount <DIR:/PATH>', 'mount another folder (repeatable)', collect, [])
    .option('--split', 'stderr apart from stdout')
    .option('--batch <file>', 'JSON lines {id, dir?, files?, cmd, cwd?, env?, timeout?}')
    .option('--out <file>', 'JSON lines {id, exitCode, stdout, stderr, ms, timedOut}')
    .option('--concurrency <n>', 'commands at a time, for --batch', '2')
    .action(async (dir: string | undefined, command: string[], options: Options) => {
      if (options.batch !== undefined) return runBatch(root, options);
      if (dir === undefined || command.length === 0) throw new UsageError('usage: sandbox [options] DIR -- CMD ARG…');
      process.exitCode = await runOne(root, dir, { command, options });
    });
}

async function runOne(
  root: string,
  dir: string,
  { command, options }: { command: string[]; options: Options },
): Promise<number> {
  await requireFolder(dir);
  const writes: Promise<void>[] = [];
  const end = await withCommandPage(
    root,
    (message) => {
      if (message.type === 'output') writes.push(write(message.fd, Buffer.from(message.base64, 'base64')));
    },
    async (open) => {
      const request = {
        mounts: [{ url: await open.publish(resolve(dir)), path: null }, ...(await publishMounts(open, options.mount))],
        command,
        cwd: options.cwd ?? null,
        env: Object.fromEntries(options.env.map(parseVariable)),
        timeoutSeconds: parsePositive('--timeout', options.timeout),
        split: options.split ?? false,
      };
      return open.call('sandbox', request);
    },
  );
  await Promise.all(writes);
  if (end.timedOut) process.stderr.write(`sandbox: killed after ${options.timeout} s\n`);
  return end.exitCode;
}

const write = (fd: 1 | 2, bytes: Buffer) =>
  new Promise<void>((done) => {
    (fd === 1 ? process.stdout : process.stderr).write(bytes, () => done());
  });

const batchLine = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  dir: z.string().optional(),
  files: z.record(z.string(), z.string()).optional(),
  cmd: z.array(z.string()).min(1),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  timeout: z.number().positive().optional(),
});

async function runBatch(root: string, options: Options): Promise<void> {
  if (options.batch === undefined || options.out === undefined) throw new UsageError('--batch needs --out OUT.jsonl');
  const lines = parseBatch(await readFile(options.batch, 'utf8'), options.batch);
  const base = dirname(resolve(options.batch));
  const out = createWriteStream(options.out);
  await withCommandPage(
    root,
    (message) => {
      if (message.type === 'result') out.write(`${JSON.stringify(message.result)}\n`);
    },
    async (open) => {
      const packs = new Map<string, string>();
      const items: BatchItem[] = [];
      for (const line of lines) {
        if (line.dir !== undefined && !packs.has(line.dir)) {
          const folder = resolve(base, line.dir);
          await requireFolder(folder);
          packs.set(line.dir, await open.publish(folder));
        }
        items.push({
          id: line.id,
          pack: line.dir === undefined ? null : (packs.get(line.dir) ?? null),
          files: line.files ?? {},
          command: line.cmd,
          cwd: line.cwd ?? null,
          env: { ...Object.fromEntries(options.env.map(parseVariable)), ...line.env },
          timeoutSeconds: line.timeout ?? parsePositive('--timeout', options.timeout),
        });
      }
      const request = {
        mounts: await publishMounts(open, options.mount),
        items,
        concurrency: parsePositive('--concurrency', options.concurrency),
      };
      await open.call('batch', request);
    },
  );
  await new Promise<void>((done) => {
    out.end(() => done());
  });
}

function parseBatch(text: string, file: string) {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [batchLine.parse(JSON.parse(line))];
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
      throw new UsageError(`${file}, line ${index + 1}: ${reason}`);
    }
  });
}

async function publishMounts(open: OpenPage, mounts: readonly string[]): Promise<Mount[]> {
  return Promise.all(
    mounts.map(async (mount) => {
      const at = mount.lastIndexOf(':/');
      if (at < 1) throw new UsageError(`--mount ${mount}: write it as DIR:/ABSOLUTE/PATH`);
      const folder = resolve(mount.slice(0, at));
      await requireFolder(folder);
      const path = mount.slice(at + 1);
      return { url: await open.publish(folder, path), path };
    }),
  );
}

async function requireFolder(path: string): Promise<void> {
  const stats = await stat(path).catch(() => null);
  if (!stats?.isDirectory()) throw new UsageError(`${path} is not a folder`);
}

function parseVariable(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--env ${text}: write it as K=V`);
  return [text.slice(0, at), text.slice(at + 1)];
}
