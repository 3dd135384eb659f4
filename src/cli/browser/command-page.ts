/** The page of a command: the production build served for this command alone, opened in a headless browser. */

import { normalizeBaseUrl } from '../../model/openai/send.ts';
import { ensureBuild } from '../build/build.ts';
import { installedRoute } from '../installed-store.ts';
import { encodePack, readFolder } from '../pack.ts';
import type { CommandPage, PageMessage } from '../page-api.ts';
import { withWasmBuildsAt } from '../wasm-builds/with-wasm-builds.ts';
import { openPage } from './browser.ts';
import { createJobServer, type JobServer } from './job-server.ts';
import { relay } from './relay.ts';
import { serve } from './serve.ts';

declare global {
  interface Window {
    fixpoint: CommandPage;
    fixpointEmit: (message: PageMessage) => Promise<void>;
  }
}

export interface OpenPage {
  /** Address of the server, for measurements. */
  readonly url: string;
  readonly call: JobServer['call'];
  /** Brings the job that runs to an early end. */
  readonly stop: JobServer['stop'];
  /** Who answers what the page asks. */
  readonly answerWith: JobServer['answerWith'];
  /** Makes the folder available to the page; returns the pack's URL. Whoever mounts it elsewhere than as the project says where. */
  publish(folder: string, mountPoint?: string): Promise<string>;
  /** Makes requests below the returned address go to `target`, for servers that send no CORS headers. */
  relayTo(target: string): string;
}

type Work<T, Page = OpenPage> = (open: Page) => Promise<T>;
type OnMessage = (message: PageMessage) => void;

/** `browserPid`, for measurements, leads the browser's process group. */
export type BrowserPage = OpenPage & { readonly browserPid: number };

/** Opens the page, runs `work` and closes everything, also when it fails. */
export function withCommandPage<T>(root: string, onMessage: OnMessage, work: Work<T, BrowserPage>): Promise<T> {
  return withCommandServer(root, onMessage, async (open) => {
    const browser = await openPage(`${open.url}/command.html?jobs`);
    try {
      return await Promise.race([work({ ...open, browserPid: browser.pid }), browser.ended]);
    } finally {
      await browser.close();
    }
  });
}

/** The same without a browser: `work` opens the page `/command.html?jobs` itself. */
export async function withCommandServer<T>(root: string, onMessage: OnMessage, work: Work<T>): Promise<T> {
  const packs: Uint8Array[] = [];
  const relayTargets: string[] = [];
  const jobs = createJobServer(onMessage);
  const server = await serve(await ensureBuild(root), {
    port: 0,
    routes: {
      ...jobs.routes,
      '/__pack/': (request, response) => {
        const pack = packs[Number(request.url?.split('/').at(-1))];
        response.statusCode = pack ? 200 : 404;
        response.end(pack);
      },
      '/__installed/': installedRoute,
      '/__relay/': (request, response) => {
        const index = /^\/__relay\/(\d+)/.exec(request.url ?? '')?.[1] ?? '0';
        void relay(relayTargets[Number(index)] ?? '', `/__relay/${index}`, request, response);
      },
    },
  });
  const { url } = server;
  try {
    return await work({
      url,
      call: jobs.call,
      stop: jobs.stop,
      answerWith: jobs.answerWith,
      async publish(folder, mountPoint = '/') {
        const { files, problems } = await withWasmBuildsAt(mountPoint, await readFolder(folder));
        for (const problem of problems) process.stderr.write(`fixpoint: ${problem}\n`);
        packs.push(encodePack(files));
        return `/__pack/${packs.length - 1}`;
      },
      relayTo(target) {
        relayTargets.push(normalizeBaseUrl(target));
        return `${url}/__relay/${relayTargets.length - 1}`;
      },
    });
  } finally {
    await server.close();
  }
}
