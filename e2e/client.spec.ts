/** The interface of `@webcontainer/api`, item by item, through the unmodified client: see docs/webcontainer-api.md. */
import { expect, test } from '@playwright/test';
import { snapshot } from '@webcontainer/snapshot';
import { unzipSync } from 'fflate';
import { bootClient, openClient } from './support/client.ts';
import { makeFolder } from './support/command.ts';

/** Mode and name of what is in a zip: from its central directory. */
function listZip(bytes: number[]): string[] {
  const view = new DataView(new Uint8Array(bytes).buffer);
  const listed: string[] = [];
  for (let at = 0; at < bytes.length - 46; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const name = String.fromCharCode(...bytes.slice(at + 46, at + 46 + view.getUint16(at + 28, true)));
    listed.push(`${(view.getUint32(at + 38, true) >>> 16).toString(8)} ${name}`);
  }
  return listed;
}

test('mounts trees, and exports them', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container } = window;
    await container.mount({
      'a.txt': { file: { contents: 'häé' } },
      'b.bin': { file: { contents: new Uint8Array([0, 255, 128, 10]) } },
      link: { file: { symlink: 'a.txt' } },
      deep: {
        directory: { empty: { directory: {} }, node_modules: { directory: { x: { file: { contents: 'x' } } } } },
      },
    });
    await container.fs.mkdir('at');
    await container.mount({ c: { file: { contents: 'c' } } }, { mountPoint: 'at' });
    const { output } = await window.run('sh', [
      '-c',
      'cat a.txt at/c; od -An -tx1 b.bin 2>/dev/null; cat link; ls deep/empty',
    ]);
    const tree = await container.export('.');
    const chosen = await container.export('.', { excludes: ['deep', 'at'], includes: ['deep/node_modules/**'] });
    const binary = await container.export('.', { format: 'binary', excludes: ['**/node_modules'] });
    const zip = await container.export('deep', { format: 'zip' });
    await container.fs.mkdir('copy');
    await container.mount(binary, { mountPoint: 'copy' });
    return { output, tree, chosen, zip: [...zip.slice(0, 2)], copy: await container.export('copy') };
  });
  const files = {
    'a.txt': { file: { contents: 'häé' } },
    'b.bin': { file: { contents: new Uint8Array([0, 255, 128, 10]) } },
    link: { file: { symlink: 'a.txt' } },
  };
  const modules = { node_modules: { directory: { x: { file: { contents: 'x' } } } } };
  const at = { at: { directory: { c: { file: { contents: 'c' } } } } };
  const shape = (tree: unknown) => JSON.parse(JSON.stringify(tree));
  expect(result.output).toContain('häéc');
  expect(shape(result.tree)).toEqual(
    shape({ ...at, ...files, deep: { directory: { empty: { directory: {} }, ...modules } } }),
  );
  expect(shape(result.chosen)).toEqual(shape({ ...files, deep: { directory: modules } }));
  expect(shape(result.copy)).toEqual(shape({ ...at, ...files, deep: { directory: { empty: { directory: {} } } } }));
  expect(String.fromCharCode(...result.zip)).toBe('PK');
});

test('mounts a binary snapshot of the makers package, and refuses what is none', async ({ page }) => {
  await using folder = await makeFolder({ 'a.js': 'console.log(1)\n', 'sub/b.txt': 'ü' });
  const bytes = [...(await snapshot(folder.path))];
  await bootClient(page);
  const result = await page.evaluate(async (given) => {
    const { container } = window;
    await container.mount(new Uint8Array(given));
    const texts = [await container.fs.readFile('a.js', 'utf8'), await container.fs.readFile('sub/b.txt', 'utf8')];
    const refused = await container.mount(new Uint8Array([1, 2, 3])).catch((error: Error) => error.message);
    return { texts, refused };
  }, bytes);
  expect(result.texts).toEqual(['console.log(1)\n', 'ü']);
  expect(result.refused).toContain('neither a tree');
});

test('has the files of the working directory, with the errors of Node', async ({ page }) => {
  await bootClient(page, { workdirName: 'here' });
  const result = await page.evaluate(async () => {
    const { fs, workdir, path } = window.container;
    const failure = (promise: Promise<unknown>) =>
      promise.then(
        () => 'no error',
        ({ message, code, errno, syscall }) => ({ message, code, errno, syscall }),
      );
    await fs.writeFile('/file', 'text');
    await fs.writeFile('latin', 'é', 'latin1');
    await fs.writeFile('hex', '00ff', { encoding: 'hex' });
    const made = [await fs.mkdir('d/e/f', { recursive: true }), await fs.mkdir('d/e', { recursive: true })];
    await fs.writeFile('d/ö', new Uint8Array([1, 2, 3]).subarray(1));
    const entries = await fs.readdir('d', { withFileTypes: true });
    const bufferEntries = await fs.readdir('d', { withFileTypes: true, encoding: 'buffer' });
    await window.run('ln', ['-s', 'd/e', 'link']);
    const link = (await fs.readdir('.', { withFileTypes: true })).find(({ name }) => name === 'link');
    await fs.rm('link');
    await fs.rename('file', 'renamed');
    const names = await fs.readdir('/');
    const failures = [
      await failure(fs.readFile('missing')),
      await failure(fs.readdir('renamed')),
      await failure(fs.mkdir('d')),
      await failure(fs.rm('d')),
      await failure(fs.rename('missing', 'x')),
      await failure(fs.writeFile('renamed', 'x', 'no-such-encoding')),
      await failure(fs.rm('d', { recursive: 1 as unknown as true })),
    ];
    await fs.rm('d', { recursive: true });
    await fs.rm('missing', { force: true });
    return {
      workdir,
      path,
      names,
      made,
      entries: entries.map((entry) => [entry.name, entry.isFile(), entry.isDirectory()]),
      bufferEntries: bufferEntries.map((entry) => [...entry.name]),
      link: [link?.isFile(), link?.isDirectory()],
      buffers: (await fs.readdir('.', 'buffer')).map((name) => [...name]).slice(0, 1),
      bytes: [...(await fs.readFile('latin')), ...(await fs.readFile('hex'))],
      base64: await fs.readFile('hex', 'base64'),
      absolute: await fs.readFile(`${workdir}/renamed`, 'utf-8'),
      failures,
    };
  });
  expect(result).toEqual({
    workdir: '/home/here',
    path: '/usr/local/bin:/usr/bin:/bin',
    names: ['d', 'hex', 'latin', 'renamed'],
    made: ['/home/here/d', undefined],
    entries: [
      ['e', false, true],
      ['ö', true, false],
    ],
    bufferEntries: [[101], [195, 182]],
    // As Node's entries: a link is neither.
    link: [false, false],
    buffers: [[104, 101, 120]],
    bytes: [233, 0, 255],
    base64: 'AP8=',
    absolute: 'text',
    failures: [
      {
        message: "ENOENT: no such file or directory, open '/home/here/missing'",
        code: 'ENOENT',
        errno: -2,
        syscall: 'open',
      },
      {
        message: "ENOTDIR: not a directory, scandir '/home/here/renamed'",
        code: 'ENOTDIR',
        errno: -20,
        syscall: 'scandir',
      },
      { message: "EEXIST: file already exists, mkdir '/home/here/d'", code: 'EEXIST', errno: -17, syscall: 'mkdir' },
      {
        message: 'Path is a directory: rm returned EISDIR (is a directory) /home/here/d',
        code: 'ERR_FS_EISDIR',
        errno: 21,
        syscall: 'rm',
      },
      {
        message: "ENOENT: no such file or directory, rename '/home/here/missing' -> '/home/here/x'",
        code: 'ENOENT',
        errno: -2,
        syscall: 'rename',
      },
      {
        message: "The argument 'encoding' is invalid encoding. Received 'no-such-encoding'",
        code: 'ERR_INVALID_ARG_VALUE',
      },
      {
        message: 'The "options.recursive" property must be of type boolean. Received type number (1)',
        code: 'ERR_INVALID_ARG_TYPE',
      },
    ],
  });
});

test('exports one file, and a zip with links, modes and empty folders', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container } = window;
    await container.mount({
      'run.sh': { file: { contents: '#!/bin/sh' } },
      link: { file: { symlink: 'run.sh' } },
      d: { directory: { empty: { directory: {} } } },
    });
    const json = await container.export('run.sh').catch((error: Error) => error.message);
    const missing = await container.export('no').catch(({ code }) => code);
    return {
      json,
      missing,
      binary: (await container.export('run.sh', { format: 'binary' })).length > 9,
      one: [...(await container.export('run.sh', { format: 'zip' }))],
      all: [...(await container.export('.', { format: 'zip' }))],
    };
  });
  expect(result.json).toBe('It is not possible to export a single file in the JSON format.');
  expect(result.missing).toBe('ENOENT');
  expect(result.binary).toBe(true);
  expect(Object.keys(unzipSync(new Uint8Array(result.one)))).toEqual(['run.sh']);
  const all = unzipSync(new Uint8Array(result.all));
  expect(Object.values(all).map((content) => new TextDecoder().decode(content))).toEqual(['', 'run.sh', '#!/bin/sh']);
  expect(listZip(result.all)).toEqual(['40755 d/empty/', '120777 link', '100755 run.sh']);
});

test('refuses to send what no message holds, and says so', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container, run } = window;
    await run('sh', [
      '-c',
      'mkdir d; truncate -s 600M d/long; truncate -s 3G huge; truncate -s 16T vast; echo x > plain',
    ]);
    const failure = (promise: Promise<unknown>) =>
      promise.then(
        () => 'sent',
        ({ code, message }) => [code, message],
      );
    return [
      await failure(container.fs.readFile('huge')),
      await failure(container.fs.readFile('vast', 'utf8')),
      await failure(container.fs.readFile('d/long', 'utf8')),
      // A decoder gives nothing for so long a text.
      await failure(container.export('d')),
      await failure(container.export('.', { format: 'binary' })),
      await failure(container.export('vast', { format: 'zip' })),
      await failure(container.export('.', { format: 'tar' as 'zip' })),
      await container.export('.', { excludes: ['d', 'huge', 'vast'] }),
    ];
  });
  const tooLarge = (size: number) => ['ERR_FS_FILE_TOO_LARGE', `File size (${size}) is greater than 1 GiB`];
  const tooMuch = (path: string) => ['EFBIG', `EFBIG: file too large, scandir '/home/project${path}'`];
  expect(result).toEqual([
    tooLarge(3 * 2 ** 30),
    tooLarge(2 ** 44),
    ['ERR_STRING_TOO_LONG', 'Cannot create a string longer than 0x1fffffe8 characters'],
    tooMuch('/d'),
    tooMuch(''),
    tooMuch('/vast'),
    ['ERR_INVALID_ARG_VALUE', expect.stringContaining("must be one of: 'json', 'binary', 'zip'. Received 'tar'")],
    { plain: { file: { contents: 'x\n' } } },
  ]);
});

test('leaves nobody waiting who asked before it ended', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container } = window;
    const unhandled: unknown[] = [];
    addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)));
    const sleeping = await container.spawn('sleep', ['1000']);
    const output = new Response(sleeping.output.pipeThrough(new TextEncoderStream())).text();
    container.fs.watch('.', () => undefined);
    await container.fs.readdir('.');
    container.teardown();
    const exit = await sleeping.exit;
    sleeping.kill();
    sleeping.resize({ cols: 5, rows: 5 });
    const again = await window.client.WebContainer.boot();
    return { exit, output: await output, names: await again.fs.readdir('.'), unhandled };
  });
  expect(result).toEqual({ exit: 137, output: '', names: [], unhandled: [] });
});

test('what happens to a stream or a program is no error of the sandbox', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container, run } = window;
    const errors: unknown[] = [];
    container.on('error', (error) => errors.push(error));
    const talk = 'for (let i = 0; i < 5; i++) setTimeout(() => console.log(i), i * 20); process.exitCode = 3';
    const cancelled = await container.spawn('node', ['-e', talk]);
    await cancelled.output.cancel();
    const left = await container.spawn('node', ['-e', talk]);
    const reader = left.output.getReader();
    await reader.read();
    await reader.cancel();
    const thrown = await run('node', ['-e', 'throw new Error("mine")']);
    const odd = ['0', NaN, -1, 1e9].map((size) => ({ cols: size as number, rows: size as number }));
    const sizes = 'console.log([process.stdout.columns, process.stdout.rows, "A" in process.env].join())';
    const outputs = odd.map((terminal) => run('node', ['-e', sizes], { terminal, env: { A: undefined as never } }));
    return {
      exits: [await cancelled.exit, await left.exit, thrown.exitCode],
      sizes: (await Promise.all(outputs)).map(({ output }) => output),
      word: await container.spawn('node', ['a\0b']).catch(({ name, code }) => [name, code]),
      after: await run('node', ['-p', '6*7']),
      errors,
    };
  });
  expect(result).toEqual({
    exits: [3, 3, 1],
    sizes: Array(4).fill('80,24,false\r\n'),
    word: ['TypeError', 'ERR_INVALID_ARG_VALUE'],
    after: { output: '\u001b[33m42\u001b[39m\r\n', exitCode: 0 },
    errors: [],
  });
});

test('watches files and folders', async ({ page }) => {
  await bootClient(page);
  const lists = await page.evaluateHandle(async () => {
    const { fs } = window.container;
    await fs.mkdir('d/e', { recursive: true });
    await fs.writeFile('f', '');
    const seen: Record<string, string[]> = { flat: [], deep: [], file: [], buffer: [], closed: [] };
    const note = (list: string) => (event: string, name: string | Uint8Array) =>
      seen[list]?.push(`${event} ${typeof name === 'string' ? name : [...name].join(',')}`);
    fs.watch('d', note('flat'));
    fs.watch('d', { recursive: true }, note('deep'));
    fs.watch('f', note('file'));
    fs.watch('d', { encoding: 'buffer' as never }, note('buffer'));
    const closing = fs.watch('d', note('closed'));
    // A watch has no answer of its own: the next call comes after it.
    await fs.readdir('.');
    closing.close();
    await fs.writeFile('d/e/deep', 'x');
    await window.run('sh', ['-c', 'echo > d/new; echo >> f']);
    return seen;
  });
  // Each watch has a channel of its own, whose events come when they can.
  const told = (list: string) => expect.poll(() => lists.evaluate((all, name) => all[name], list));
  await told('flat').toContain('rename new');
  await told('deep').toEqual(expect.arrayContaining(['rename e/deep', 'rename new', 'change new']));
  await told('file').toContain('change f');
  await told('buffer').toContain('rename 110,101,119');
  const seen = await lists.jsonValue();
  expect(seen.flat?.join()).not.toContain('deep');
  expect(new Set(seen.file)).toEqual(new Set(['change f']));
  expect(seen.closed).toEqual([]);
});

test('starts processes with a folder, variables, a terminal, input, and kills them', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container, run } = window;
    await container.fs.mkdir('sub');
    const env = { A: 'x', B: 1, C: true };
    const script =
      'console.log(process.cwd(), process.env.A, process.env.B, process.env.C, String(process.stdout.isTTY), String(process.stdout.columns))';
    const plain = await run('node', ['-e', script], { cwd: 'sub', env });
    const sized = await run('node', ['-e', script], { env, terminal: { cols: 100, rows: 30 } });
    const pipes = await run('node', ['-e', script], { env: { ...env, FIXPOINT_STDIO: 'pipe' } });
    const listed = [await run('ls', ['/']), await run('sh', ['-c', 'mkdir cols; cd cols; touch file-1.ts nested; ls'])];
    const silent = await container.spawn('sh', ['-c', 'echo x; exit 3'], { output: false });
    const cat = await container.spawn('head', ['-n', '1']);
    await cat.input.getWriter().write('typed\n');
    const typed = await new Response(cat.output.pipeThrough(new TextEncoderStream())).text();
    const loop = await container.spawn('node', [
      '-e',
      'console.log("on"); process.stdout.on("resize", () => console.log(process.stdout.columns)); for (;;) {}',
    ]);
    const reader = loop.output.getReader();
    await reader.read();
    loop.kill();
    const sizes = await container.spawn('node', [
      '-e',
      'process.stdout.on("resize", () => { console.log(String(process.stdout.columns)); process.exit() }); console.log("on"); setInterval(() => {}, 1000)',
    ]);
    const sizesReader = sizes.output.getReader();
    await sizesReader.read();
    sizes.resize({ cols: 33, rows: 5 });
    const resized = (await sizesReader.read()).value;
    // The reader starts when the writer has long called process.exit.
    const burst = 'for (let i = 0; i < 20000; i++) console.log("line", i); process.exit()';
    const late = await run('sh', ['-c', 'node -e "$BURST" | (node -e 0; wc -c)'], {
      env: { BURST: burst, FIXPOINT_STDIO: 'pipe' },
    });
    const missing = await run('no-such-program');
    const badFolder = await container.spawn('ls', { cwd: 'nowhere' }).catch(({ message, code }) => [message, code]);
    return {
      outputs: [plain.output, sized.output, pipes.output],
      listed: listed.map(({ output }) => output),
      silent: await silent.exit,
      typed,
      exits: [await cat.exit, await loop.exit, await sizes.exit, missing.exitCode],
      late: late.output,
      resized,
      badFolder,
    };
  });
  expect(result.outputs).toEqual([
    '/home/project/sub x 1 true true 80\r\n',
    '/home/project x 1 true true 100\r\n',
    '/home/project x 1 true undefined undefined\n',
  ]);
  expect(result.listed).toEqual(['bin  dev  etc  home tmp  usr\r\n', 'file-1.ts nested\r\n']);
  expect(result.silent).toBe(3);
  expect(result.typed).toBe('typed\r\ntyped\r\n');
  expect(result.exits).toEqual([0, 137, 0, 127]);
  expect(result.late).toBe('208890\n');
  expect(result.resized).toBe('33\r\n');
  expect(result.badFolder).toEqual([expect.stringContaining('ENOENT: no such file or directory, chdir'), 'ENOENT']);
});

test('tells of ports, xdg-open and code', async ({ page }) => {
  await bootClient(page);
  const seen = await page.evaluateHandle(async () => {
    const { container, run } = window;
    const seen: unknown[][] = [];
    for (const event of ['port', 'server-ready', 'xdg-open', 'code'] as const)
      container.on(event as 'port', (...args: unknown[]) => seen.push([event, ...args]));
    const stop = container.on('port', () => seen.push(['stopped']));
    stop();
    await run('node', ['-e', 'const s = require("http").createServer().listen(3111, () => s.close())']);
    await run('sh', ['-c', 'xdg-open http://localhost:3111/; xdg-open a.html; code -g a.js:3:4; code --diff a b']);
    return seen;
  });
  const url = expect.stringMatching(/^http/);
  // The address of the first port comes from the server: a program may have ended by then. Each listener has a channel of its own.
  const told = () => seen.evaluate((events) => Object.groupBy(events, ([event]) => String(event)));
  const expected = {
    port: [
      ['port', 3111, 'open', url],
      ['port', 3111, 'close', url],
    ],
    'server-ready': [['server-ready', 3111, url]],
    'xdg-open': [
      ['xdg-open', 'http://localhost:3111/'],
      ['xdg-open', '/home/project/a.html'],
    ],
    code: [
      ['code', 'open', { files: [{ filepath: '/home/project/a.js', line: 3, column: 4 }] }],
      ['code', 'diff', { files: [{ filepath: '/home/project/a' }, { filepath: '/home/project/b' }] }],
    ],
  };
  await expect.poll(told).toEqual(expected);
});

test('an export lets programs run on, however long their names are to its globs', async ({ page }) => {
  await bootClient(page);
  const result = await page.evaluate(async () => {
    const { container } = window;
    const make = `for (const c of ['-', 'a', 'ab']) fs.writeFileSync(c.repeat(255 / c.length), ''); fs.writeFileSync('a-b-c.js', '')`;
    await window.run('node', ['-e', make]);
    const names = async (globs: string[]) =>
      Object.keys(await container.export('.', { excludes: ['**'], includes: globs })).map((name) => name.slice(0, 8));
    const refused = await container.export('.', { excludes: ['(?<=a)b'] }).catch(({ name, code }) => [name, code]);
    return [
      await names(['*-*-*-*-*-*-*-*-*-*.js', '+(+(a))b', '*(a|b|ab)*(a|b|ab)*(a|b)c']),
      await names(['*-*-*.js']),
      refused,
    ];
  });
  expect(result).toEqual([[], ['a-b-c.js'], ['TypeError', 'ERR_INVALID_ARG_VALUE']]);
});

test('boots once, and again after its teardown', async ({ page }) => {
  await openClient(page);
  const result = await page.evaluate(async () => {
    const { WebContainer, configureAPIKey, isPreviewMessage } = window.client;
    configureAPIKey('key');
    const badName = await WebContainer.boot({ workdirName: 'a/b' }).catch((error: Error) => error.message);
    const nullByte = await WebContainer.boot({ workdirName: 'a\0' }).catch(({ code }) => code);
    const longName = await WebContainer.boot({ workdirName: 'é'.repeat(128) }).catch(({ code }) => code);
    const first = await WebContainer.boot({ coep: 'require-corp' });
    const twice = await WebContainer.boot().catch((error: Error) => error.message);
    await first.fs.writeFile('x', '1');
    first.teardown();
    let tornDown = '';
    try {
      first.teardown();
    } catch (error) {
      tornDown = (error as Error).message;
    }
    const second = await WebContainer.boot({ workdirName: 'second' });
    return {
      badName,
      nullByte,
      longName,
      twice,
      tornDown,
      names: await second.fs.readdir('/'),
      workdir: second.workdir,
      frames: document.querySelectorAll('iframe').length,
      preview: [isPreviewMessage({ type: 'PREVIEW_CONSOLE_ERROR' }), isPreviewMessage({ type: 'x' })],
    };
  });
  expect(result).toEqual({
    badName: 'workdirName should be a valid folder name',
    nullByte: 'ERR_INVALID_ARG_VALUE',
    longName: 'ERR_INVALID_ARG_VALUE',
    twice: 'Only a single WebContainer instance can be booted',
    tornDown: 'WebContainer already torn down',
    names: [],
    workdir: '/home/second',
    frames: 1,
    preview: [true, false],
  });
});
