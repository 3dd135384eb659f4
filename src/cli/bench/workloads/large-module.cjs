// `require` of a module of 9 MB, made here of many functions, one in ten of them async: in a first process, and in a second one.
const { spawnSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const times = {};
const body =
  '{ const c = a; return { sum: c + b, text: c + " and " + b, list: [c, b, a, b, c], more: { a, b, c, self: this } }; };';
const functions = Array.from({ length: 60_000 }, (_, i) =>
  i % 10 === 0
    ? `exports.f${i} = async function (a, b) ${body.replace('= a', '= await a')}`
    : `exports.f${i} = function (a, b) ${body}`,
);
writeFileSync('large.js', functions.join('\n'));
const measure = "const s = performance.now(); require('./large.js'); console.log(performance.now() - s)";
for (const name of ['first', 'second']) {
  times[`require of 9 MB, ${name} process`] = Number(spawnSync('node', ['-e', measure], { encoding: 'utf8' }).stdout);
}
console.log(JSON.stringify(times));
