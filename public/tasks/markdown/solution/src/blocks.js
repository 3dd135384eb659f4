import { inline } from './inline.js';

/** A text with marks as HTML, a line for each block. */
export function toHtml(text) {
  return text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map(toBlock)
    .join('\n');
}

function toBlock(block) {
  const heading = /^(#{1,3}) +(.+)$/.exec(block);
  if (heading) return `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`;
  const lines = block.split('\n');
  if (lines.every((line) => /^[*-] /.test(line))) {
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;
  }
  return `<p>${inline(block.replaceAll('\n', ' '))}</p>`;
}
