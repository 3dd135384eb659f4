/** The interface that `@webcontainer/api` 1.6.4 expects behind its port; each object travels as a Comlink proxy. */

import type { ErrorForwarding, PreviewScript } from './previews/wire.ts';

export interface BuildOptions {
  host: string;
  version: string;
  workdirName?: string;
  forwardPreviewErrors?: ErrorForwarding;
}

export interface Server {
  build(options: BuildOptions): Promise<Instance>;
}

export type Encoding = string | null | undefined;
export type OutputCallback = (chunk: Uint8Array | null) => Promise<void>;

export interface Instance {
  fs(): FileInterface;
  previewScript(): unknown;
  runtimeInfo(): { path: string; cwd: string };
  run(command: RunCommand, stdout?: OutputCallback, stderr?: OutputCallback, output?: OutputCallback): Promise<unknown>;
  loadFiles(payload: Uint8Array, options: { mountPoints?: string }): Promise<void>;
  serialize(path: string, options: SerializeOptions): Promise<Uint8Array>;
  on(event: string, listener: (...args: unknown[]) => void): () => void;
  setPreviewScript(source: string, options?: Omit<PreviewScript, 'source'>): Promise<void>;
  setCredentials(credentials: unknown): void;
  teardown(): void;
}

export interface RunCommand {
  command: string;
  args?: string[];
  cwd?: string;
  env?: Record<string, string | number | boolean>;
  terminal?: { cols: number; rows: number };
}

export interface SerializeOptions {
  /** See `export-format.ts`. */
  format?: string;
  includes?: string[];
  excludes?: string[];
}

type EncodingOption = Encoding | { encoding?: Encoding; withFileTypes?: boolean; recursive?: boolean };

export interface FileInterface {
  readFile(path: string, encoding?: Encoding | { encoding?: Encoding }): Promise<Uint8Array | string>;
  writeFile(path: string, data: string | Uint8Array, options?: Encoding | { encoding?: Encoding }): Promise<void>;
  readdir(path: string, options?: EncodingOption): Promise<unknown[]>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<string | undefined>;
  rm(path: string, options?: { recursive?: boolean; force?: boolean }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  watch(path: string, options: unknown, listener?: (type: string, name: string | Uint8Array) => void): Promise<unknown>;
}
