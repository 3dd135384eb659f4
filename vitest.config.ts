import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    // Only a hang should come to these, and a busy machine of few cores takes ten times as long as a good one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'threads',
    maxWorkers: '100%',
    // The files of a thread share its modules, which takes a third off the processor's time: no test leaves anything behind.
    isolate: false,
  },
});
