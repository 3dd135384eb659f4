// Synchronous file operations: milliseconds for 1,000 of each, the median of several rounds.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROUNDS = 7;
const folder = fs.mkdtempSync('/tmp/bench-');
const file = path.join(folder, 'small.txt');
const missing = path.join(folder, 'missing');
const content = 'a line of text\n'.repeat(70);
const link = path.join(folder, 'link');
const appended = path.join(folder, 'appended');
const buffer = Buffer.alloc(4096);
const results = {};

function measure(name, count, action) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let run = 0; run < count; run++) action(run, round);
    times.push(((performance.now() - start) / count) * (count === 1 ? 1 : 1000));
  }
  results[count === 1 ? name : `1,000 × ${name}`] = times.sort((a, b) => a - b)[ROUNDS >> 1];
}

fs.writeFileSync(file, content);
fs.symlinkSync(file, link);
for (let index = 0; index < 20; index++) fs.mkdirSync(path.join(folder, `folder-${index}`));

measure('stat', 1000, () => fs.statSync(file));
measure('lstat of a link', 1000, () => fs.lstatSync(link));
measure('existsSync', 1000, () => fs.existsSync(file));
measure('existsSync of nothing', 1000, () => fs.existsSync(missing));
measure('access', 1000, () => fs.accessSync(file));
measure('access of nothing', 500, () => {
  try {
    fs.accessSync(missing);
  } catch {
    // That is the answer.
  }
});
measure('readFile, 1 KB of text', 1000, () => fs.readFileSync(file, 'utf8'));
measure('readFile, 1 KB of bytes', 1000, () => fs.readFileSync(file));
measure('readdir, 22 entries', 1000, () => fs.readdirSync(folder));
measure('realpath', 1000, () => fs.realpathSync(link));
measure('open, read, close', 500, () => {
  const fd = fs.openSync(file, 'r');
  fs.readSync(fd, buffer, 0, buffer.length, null);
  fs.closeSync(fd);
});
measure('writeFile, 1 KB of text', 500, () => fs.writeFileSync(file, content));
measure('writeFile, 1 KB of bytes', 500, () => fs.writeFileSync(file, buffer.subarray(0, 1024)));
measure('write, then stat', 500, () => {
  fs.writeFileSync(file, content);
  fs.statSync(file);
});
measure('appendFile, a line', 500, () => fs.appendFileSync(appended, 'a line of text\n'));
measure('mkdir of what is there', 1000, () => fs.mkdirSync(folder, { recursive: true }));
const written = fs.openSync(appended, 'w');
measure('write of a line', 500, () => fs.writeSync(written, 'a line of text\n'));
measure('write of 4 KB at a position', 500, (run) => fs.writeSync(written, buffer, 0, buffer.length, run << 12));
fs.closeSync(written);
const both = fs.openSync(appended, 'r+');
measure('read of 64 bytes', 500, () => fs.readSync(both, buffer, 0, 64, null));
measure('read of 4 KB at a position', 500, (run) => fs.readSync(both, buffer, 0, buffer.length, run << 12));
measure('write, then read of 100 bytes', 500, (run) => {
  fs.writeSync(both, buffer, 0, 100, run * 100);
  fs.readSync(both, buffer, 0, 100, run * 100);
});
measure('fstat', 1000, () => fs.fstatSync(both));
measure('write of 100 bytes, then fstat', 500, (run) => {
  fs.writeSync(both, buffer, 0, 100, run * 100);
  fs.fstatSync(both);
});
measure('futimes', 500, (run) => fs.futimesSync(both, run, run));
measure('ftruncate', 500, (run) => fs.ftruncateSync(both, run));
fs.closeSync(both);
measure('chmod', 500, (run) => fs.chmodSync(file, 0o600 + (run & 0o77)));
measure('utimes', 500, (run) => fs.utimesSync(file, run, run));
measure('truncate', 500, (run) => fs.truncateSync(appended, run));
measure('open for writing, close', 500, () => fs.closeSync(fs.openSync(appended, 'w')));
measure('open of a new file, write, close', 300, (run, round) => {
  const fd = fs.openSync(path.join(folder, `new-${round}-${run}`), 'wx');
  fs.writeSync(fd, 'a line of text\n');
  fs.closeSync(fd);
});
measure('unlink of files it has made', 300, (run, round) => fs.unlinkSync(path.join(folder, `new-${round}-${run}`)));
measure('writeFile of a new file, then lstat', 300, (run, round) => {
  const path = `${folder}/made-${round}-${run}`;
  fs.writeFileSync(path, content);
  fs.lstatSync(path);
});
measure('rm of files it has made', 300, (run, round) => fs.rmSync(`${folder}/made-${round}-${run}`));
/** Rounds of 100 files, each in a folder of its own that another program has made. */
function measureOthers(name, action) {
  const made = path.join(folder, name.replaceAll(' ', '-'));
  const rounds = Array.from({ length: ROUNDS }, (_, round) => `${made}/${round}`).join(' ');
  const loop = `for d in ${rounds}; do mkdir -p $d; for i in $(seq 0 99); do echo $i > $d/$i; done; done`;
  execFileSync('sh', ['-c', loop]);
  measure(`${name} of files that others have made`, 100, (run, round) => action(`${made}/${round}/${run}`));
}
measureOthers('stat', (path) => fs.statSync(path));
measureOthers('existsSync', (path) => fs.existsSync(path));
measureOthers('readFile', (path) => fs.readFileSync(path, 'utf8'));
const others = path.join(folder, 'others');
execFileSync('sh', ['-c', `mkdir ${others} && cd ${others} && for i in $(seq ${ROUNDS * 300}); do : > $i; done`]);
measure('unlink of files that others have made', 300, (run, round) =>
  fs.unlinkSync(path.join(others, `${round * 300 + run + 1}`)),
);
measure('writeFile of a new file', 300, (run, round) => fs.writeFileSync(path.join(others, `${round}-${run}`), 'x'));
measure('rename', 500, (run) => {
  const names = [file, missing];
  fs.renameSync(names[run & 1], names[~run & 1]);
});
measure('writeFile beside, then rename', 300, () => {
  fs.writeFileSync(missing, content);
  fs.renameSync(missing, file);
});
measure('link, unlink', 300, () => {
  fs.linkSync(file, missing);
  fs.unlinkSync(missing);
});
measure('symlink, unlink', 300, () => {
  fs.symlinkSync(file, missing);
  fs.unlinkSync(missing);
});
measure('mkdir, rmdir', 300, () => {
  fs.mkdirSync(missing);
  fs.rmdirSync(missing);
});
measure('mkdtemp, rmdir', 300, () => fs.rmdirSync(fs.mkdtempSync(path.join(folder, 'temporary-'))));
measure('copyFile, 1 KB', 300, () => fs.copyFileSync(file, appended));
measure('lutimes', 500, (run) => fs.lutimesSync(link, run, run));
measure('statfs', 500, () => fs.statfsSync(folder));
measure('mkdir of 1,000 folders', 1, (run) => {
  for (let index = 0; index < 1000; index++)
    fs.mkdirSync(path.join(folder, `tree-${run}`, `${index}`), { recursive: index === 0 });
  fs.renameSync(path.join(folder, 'tree-0'), path.join(folder, `tree-${Math.random()}`));
});
const trees = fs.readdirSync(folder).filter((name) => name.startsWith('tree-'));
measure('rm of 1,000 folders', 1, () => fs.rmSync(path.join(folder, trees.pop()), { recursive: true }));

const large = path.join(folder, 'large');
const piece = Buffer.alloc(1 << 20, 1);
measure('write and read of 32 MB in pieces of 1 MB', 1, () => {
  const fd = fs.openSync(large, 'w+');
  for (let index = 0; index < 32; index++) fs.writeSync(fd, piece);
  for (let index = 0; index < 32; index++) fs.readSync(fd, piece, 0, piece.length, index << 20);
  fs.closeSync(fd);
});
const part = Buffer.alloc(1 << 16, 2);
const pieces = fs.openSync(large, 'r+');
measure('write of 64 KB at a position', 320, (run) => fs.writeSync(pieces, part, 0, part.length, run << 16));
measure('read of 64 KB, one after the other', 320, (run) => fs.readSync(pieces, part, 0, part.length, run << 16));
fs.closeSync(pieces);
fs.rmSync(folder, { recursive: true });
console.log(JSON.stringify(results));
