/** Between the kernel and the transformer's Worker. */

/** What the text is: the body of a CommonJS module's function, or an ES module. */
export type SourceKind = 'function' | 'module';

export interface TransformRequest {
  id: number;
  kind: SourceKind;
  source: Uint8Array;
}

/** `result` as `process/modules/transform/known-transforms.ts` reads it; null when the text does not parse. */
export interface TransformAnswer {
  id: number;
  result: Uint8Array | null;
}
