import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fixpointRuntime } from './src/cli/build/vite-runtime.ts';

export default defineConfig({
  plugins: [react(), fixpointRuntime()],
  server: { port: 5173, host: '127.0.0.1' },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: { index: 'index.html', command: 'command.html' } },
  },
});
