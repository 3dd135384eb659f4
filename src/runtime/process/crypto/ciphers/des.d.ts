declare module 'des.js' {
  interface DesCipher {
    /** One block, from offset to offset. */
    _update(input: readonly number[], inputOffset: number, output: number[], outputOffset: number): void;
  }
  export const EDE: {
    create(options: { type: 'encrypt' | 'decrypt'; key: readonly number[]; padding: boolean }): DesCipher;
  };
}
