/** The page of a command: the production build served for this command alone, opened in a headless browser. */
import type { Page } from 'playwright';
import { launchBrowser } from './browser.ts';
import { ensureBuild } from './build.ts';
import { createJobServer, type JobServer } from './job-server.ts';
import { packFolder } from './pack.ts';
import type { CommandPage, PageMessage } from './page-api.ts';
import { relay } from './relay.ts';
import { serve } from './serve.ts';

declare global {
  interface Window {
    fixpoint: CommandPage;
    fixpointEmit: (message: PageMessage) => Promise<void>;
  }
}

export interface OpenPage {
  /** For measurements; its work goes through `call`. */
  readonly page: Page;
  readonly call: JobServer['call'];
  /** Makes the folder available to the page; returns the pack's URL. */
  publish(folder: string): Promise<string>;
  /** Makes requests below the returned address go to `target`, for servers that send no CORS headers. */
  relayTo(target: string): string;
}

/** Opens the page, runs `work` and closes everything, also when it fails. */
export async function withCommandPage<T>(
  root: string,
  onMessage: (message: PageMessage) => void,
  work: (open: OpenPage) => Promise<T>,
): Promise<T> {
  const packs: Uint8Array[] = [];
  let relayTarget = '';
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
      '/__relay/': (request, response) => relay(relayTarget, '/__relay', request, response),
    },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const closed = new Promise<never>((_, reject) => {
      page.on('pageerror', reject);
      browser.on('disconnected', () => reject(new Error('the browser ended')));
    });
    await page.goto(`${server.url}/command.html?jobs`);
    const open: OpenPage = {
      page,
      call: jobs.call,
      async publish(folder) {
        packs.push(await packFolder(folder));
        return `/__pack/${packs.length - 1}`;
      },
      relayTo(target) {
        relayTarget = target.replace(/\/$/, '');
        return `${server.url}/__relay`;
      },
    };
    return await Promise.race([work(open), closed]);
  } finally {
    await browser.close();
    await server.close();
  }
}
