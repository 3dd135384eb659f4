declare module 'jq-web' {
  export interface JqModule {
    /** stdout of jq over the text; `flags` is jq's command line. Throws {@link JqFailure} when jq's exit code is not 0. */
    raw(input: string, filter: string, flags: string[]): string | undefined;
  }
  export interface JqFailure extends Error {
    exitCode?: number;
    stderr?: string;
  }
  const load: ((options: { wasmBinary: Uint8Array }) => Promise<JqModule>) | Promise<JqModule>;
  export default load;
}
