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
  return `<p>${inline(block.replaceAll('\n', ' '))}</p>`;
}
