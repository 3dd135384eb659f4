/** A digest in progress. `digest` may be called once. */
export interface RunningDigest {
  update(bytes: Uint8Array): unknown;
  /** `length` counts for functions of any length. */
  digest(length?: number): Uint8Array;
  clone(): RunningDigest;
}
