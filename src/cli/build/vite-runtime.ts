/** Vite plugin: serves the embedded runtime and the gallery's index in development, writes them and `_headers` in a build. */
import type { Plugin } from 'vite';
import { buildRuntimeAssets, type RuntimeAssets } from '../../runtime/library/assets.ts';
import { createPreviews } from '../previews/previews.ts';
import { formatHeadersFile, headerRules, headersFor } from './headers.ts';
import { indexTasks } from './task-index.ts';

const TYPES: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  txt: 'text/plain',
};

export function fixpointRuntime(): Plugin {
  let root = '';
  let assets: Promise<RuntimeAssets> | null = null;
  const runtime = () => {
    assets ??= buildRuntimeAssets(root);
    return assets;
  };
  return {
    name: 'fixpoint-runtime',
    configResolved(config) {
      root = config.root;
    },
    configureServer(server) {
      server.watcher.on('change', (path) => {
        if (path.includes('/src/runtime/')) assets = null;
      });
      const previews = createPreviews();
      server.middlewares.use((request, response, next) => {
        if (!previews.handle(request, response)) next();
      });
      // Vite's own socket listens there, too.
      server.httpServer?.on('upgrade', (request, socket, head) => {
        previews.upgrade(request, socket, head);
      });
      server.httpServer?.on('close', () => previews.close());
      server.middlewares.use(async (request, response, next) => {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname;
        const isRuntime = path === '/headless' || path.startsWith('/runtime/');
        try {
          const built = isRuntime ? await runtime() : null;
          const rules = headerRules(built?.sandboxScriptHash ?? '', true);
          for (const [name, value] of Object.entries(headersFor(rules, path))) response.setHeader(name, value);
          const file = path === '/headless' ? 'headless.html' : path.slice(1);
          const content =
            path === '/tasks/index.json' ? await indexTasks(`${root}/public/tasks`) : built?.files.get(file);
          if (content === undefined) return next();
          const type = TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
          response.setHeader('Content-Type', `${type}; charset=utf-8`);
          response.end(content);
        } catch (error) {
          next(error);
        }
      });
    },
    async generateBundle() {
      const built = await runtime();
      for (const [fileName, source] of built.files) this.emitFile({ type: 'asset', fileName, source });
      this.emitFile({ type: 'asset', fileName: 'tasks/index.json', source: await indexTasks(`${root}/public/tasks`) });
      this.emitFile({
        type: 'asset',
        fileName: '_headers',
        source: formatHeadersFile(headerRules(built.sandboxScriptHash)),
      });
    },
  };
}
