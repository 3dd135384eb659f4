/** A program that fills the heap takes the sandbox's process with it. The page lives on, and so do the files. */
import { expect, test } from '@playwright/test';
import { openPage } from '../src/cli/browser/browser.ts';
import { startClientServer } from './support/client.ts';

const HOG = 'console.log("begins"); const all = []; for (;;) all.push(new Array(3e7).fill(.5))';

test('a program that fills the heap ends, with what ran beside it; the container works on, with its files', async ({
  baseURL,
}) => {
  const scenario = async (hog: string) => {
    const { client, run } = window;
    const container = await client.WebContainer.boot();
    window.container = container;
    const events: unknown[] = [];
    const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
    container.on('error', ({ message }) => events.push(['error', message]));
    container.on('port', (port, state) => {
      events.push([port, state]);
      if (state === 'open') opened();
    });
    const long = new Uint8Array(3_000_001).map((_, index) => index);
    await container.mount({
      'package.json': { file: { contents: '{"name": "kept"}' } },
      lib: { directory: { 'long.bin': { file: { contents: long } }, link: { file: { symlink: 'long.bin' } } } },
    });
    container.fs.watch('lib', (type, name) => void events.push([type, String(name)]));
    await run('sh', [
      '-c',
      'echo old > moved; mkdir -p a/b; mv moved a/b; ln a/b/moved same; chmod 640 same; rm package.json',
    ]);
    const serving = await container.spawn('node', ['-e', 'http.createServer().listen(3000)']);
    await isOpen;
    const beside = await container.spawn('sleep', ['1000']);
    const hogged = await run('node', ['-e', hog]);
    const ends = [hogged.exitCode, await serving.exit, await beside.exit];
    // What is asked at once waits for the next kernel.
    const tree = await container.export('.', { excludes: ['lib'] });
    const script =
      'stat -c "%n %a %h" same a/b/moved; cat same; cat lib/link | wc -c; tail -c1 lib/link | od -An -tu1; echo $((6 * 7))';
    const after = await run('sh', ['-c', script]);
    await container.fs.writeFile('lib/new', 'new');
    const again = await run('node', ['-e', hog]);
    const last = await run('sh', ['-c', 'cat lib/new; ls']);
    return { output: hogged.output, ends, tree, after, again: again.exitCode, last, events };
  };
  const report = "(result) => fetch('/report', { method: 'POST', body: JSON.stringify(result) })";
  const script = `(${scenario})(${JSON.stringify(HOG)}).catch(String).then(${report})`;
  await using server = await startClientServer(baseURL as string, script);
  // The driver of the tests gives up a page when one of its processes dies.
  const browser = await openPage(server.url);
  const reported = await Promise.race([server.reported, browser.ended]).finally(() => browser.close());
  const sentence = 'The sandbox is gone with all its programs: most often one of them used up its memory';
  expect(reported).toEqual({
    output: `begins\r\n\r\nKilled: ${sentence}.\r\n`,
    ends: [137, 137, 137],
    tree: {
      a: { directory: { b: { directory: { moved: { file: { contents: 'old\n' } } } } } },
      same: { file: { contents: 'old\n' } },
    },
    after: {
      exitCode: 0,
      output: 'same 640 2\r\na/b/moved 640 2\r\nold\r\n3000001\r\n 192\r\n42\r\n',
    },
    again: 137,
    last: { exitCode: 0, output: expect.stringMatching(/^newa +lib +same/) },
    events: [
      [3000, 'open'],
      ['error', sentence],
      [3000, 'close'],
      // The client's watcher goes on.
      ['rename', 'new'],
      ['change', 'new'],
      ['error', sentence],
    ],
  });
});
