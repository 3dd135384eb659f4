/** A digest in progress. `digest` may be called once. */
export interface RunningDigest {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
  clone(): RunningDigest;
}
