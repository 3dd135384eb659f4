import { escape } from './escape.js';

/** The marks within a text as HTML. */
export function inline(text) {
  // Every second piece stood between two backquotes.
  return text
    .split(/`([^`]+)`/)
    .map((piece, index) => (index % 2 === 1 ? `<code>${escape(piece)}</code>` : marks(escape(piece))))
    .join('');
}

function marks(text) {
  return text
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*(\S(?:.*?\S)?)\*\*/g, '<strong>$1</strong>')
    .replace(/\*(\S(?:.*?\S)?)\*/g, '<em>$1</em>');
}
