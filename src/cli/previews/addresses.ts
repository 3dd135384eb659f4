/** The origins of previews, and what they are called inside of the sandbox: `http://PORT.ID.localhost:…` is its `localhost:PORT`. */
import { randomBytes } from 'node:crypto';

export interface PreviewPlace {
  readonly id: string;
  readonly port: number;
}

const HOST = /^(\d{1,5})\.([0-9a-f]{20})\.localhost(?::\d+)?$/;

/** No other page can guess it. */
export function newPreviewId(): string {
  return randomBytes(10).toString('hex');
}

/** "ID.localhost:4173": the host of its previews without their port. `server` is the host of the application. */
export function previewHost(id: string, server: string): string {
  return `${id}.localhost${/:\d+$/.exec(server)?.[0] ?? ''}`;
}

/** undefined when the host is no preview's. */
export function placeOf(host: string | undefined): PreviewPlace | undefined {
  const [, port, id] = HOST.exec(host ?? '') ?? [];
  return port === undefined || id === undefined || Number(port) > 65_535 ? undefined : { id, port: Number(port) };
}

/** Whether the name is one of those that pages of previews may reach, though no preview has it: the application does not answer there. */
export function isBelowLocalhost(host = ''): boolean {
  return /\.localhost\.?(?::\d+)?$/i.test(host);
}

/** The browser's addresses of one sandbox as the sandbox's own, and back. `host` as {@link previewHost} gives it. */
export function translations(host: string): { inward(text: string): string; outward(text: string): string } {
  const outside = new RegExp(`\\bhttp://(\\d{1,5})\\.${host.replaceAll('.', '\\.')}(?![\\w.:-])`, 'g');
  return {
    inward: (text) => text.replace(outside, 'http://localhost:$1'),
    outward: (text) =>
      text.replace(
        /\bhttp:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(\d{1,5}))?(?![\w.:-])/g,
        (_match, port = '80') => {
          return `http://${port}.${host}`;
        },
      ),
  };
}
