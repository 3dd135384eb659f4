/** What all verbs share: the view they change and the notice bar they speak through. */
import type { Observable } from './observable.ts';
import type { OutputBuffer } from './output/output-buffer.ts';
import type { Notice, View } from './view.ts';

export interface Page {
  readonly view: Observable<View>;
  readonly output: OutputBuffer;
  tell(tone: Notice['tone'], text: string): void;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A random id; also where the page is no secure context, which `crypto.randomUUID` asks for. */
export function newSessionId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
