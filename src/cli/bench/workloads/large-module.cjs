// `require` of a module of 9 MB, made here of many small functions: the second time in the same process, and in a second process.
const { performance } = require('node:perf_hooks');
const { spawnSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const times = {};
const functions = Array.from(
  { length: 60_000 },
  (_, i) =>
    `exports.f${i} = async function (a, b) { const c = await a; return { sum: c + b, text: \`\${c} and \${b}\`, list: [c, b, ${i}] }; };`,
);
writeFileSync('large.js', functions.join('\n'));
const require9 = `const s = performance.now(); require('./large.js'); console.log(performance.now() - s)`;
for (const name of ['first time', 'another process']) {
  times[`require of ${name}`] = Number(spawnSync('node', ['-e', require9], { encoding: 'utf8' }).stdout);
}
const started = performance.now();
require(require('node:path').resolve('large.js'));
delete require.cache[require.resolve('./large.js', { paths: [process.cwd()] })];
times['require of it again here'] = performance.now() - started;
console.log(JSON.stringify(times));
