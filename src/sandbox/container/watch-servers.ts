import type { SandboxServer } from '../sandbox.ts';
import type { LiveContainer } from './live-container.ts';

/** Tells which servers listen in a container, after every change. */
export function watchServers({ api }: LiveContainer, onChange: (servers: readonly SandboxServer[]) => void): void {
  const urls = new Map<number, string>();
  api.on('port', (port, type, url) => {
    if (type === 'open') urls.set(port, url);
    else urls.delete(port);
    onChange([...urls].map(([port, url]) => ({ port, url })).sort((one, other) => one.port - other.port));
  });
}
