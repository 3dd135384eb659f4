/** Thoughts that a model writes into its answer, as `<think>…</think>`: kept apart from it. */

const OPEN = /^\s*(<think(ing)?>|<thoughts?>|<reasoning>|\[THINK\]|◁think▷)/i;
const CLOSE = /<\/think(ing)?>|<\/thoughts?>|<\/reasoning>|\[\/THINK\]|◁\/think▷/i;
const LONGEST_TAG = 12;

export interface Thinking {
  /** The answer's text that is certain by now. */
  add(text: string): string;
  /** The whole answer, and the thoughts in it. */
  finish(): { readonly content: string; readonly reasoning: string };
}

export function createThinking(): Thinking {
  let all = '';
  let shown = 0;
  return {
    add: (text) => {
      all += text;
      const from = answerStart(all);
      if (from === null) return '';
      shown = Math.max(shown, from);
      const fresh = all.slice(shown);
      shown = all.length;
      return fresh;
    },
    finish: () => split(all),
  };
}

/** Where the answer begins, behind all thoughts that come before it; null while that is not certain. */
function answerStart(text: string): number | null {
  const open = OPEN.exec(text);
  if (open) {
    const close = CLOSE.exec(text);
    if (!close) return null;
    const end = close.index + close[0].length;
    const rest = answerStart(text.slice(end));
    return rest === null ? null : end + rest;
  }
  const start = text.trimStart();
  // It may still become a tag.
  return start.length < LONGEST_TAG && /^$|^[<[◁]/.test(start) ? null : 0;
}

function split(text: string): { content: string; reasoning: string } {
  const open = OPEN.exec(text);
  const close = CLOSE.exec(text);
  if (open && !close) return { content: '', reasoning: text.slice(open[0].length).trim() };
  // A template may have opened the thoughts already: then only their end is in the answer.
  const isTail = close !== null && !/<think|<reasoning>|\[THINK\]|◁think▷|```|<tool/i.test(text.slice(0, close.index));
  if (!close || !(open || isTail)) return { content: text, reasoning: '' };
  const rest = text.slice(close.index + close[0].length).trimStart();
  const more = OPEN.test(rest) ? split(rest) : { content: rest, reasoning: '' };
  const thought = text.slice(open?.[0].length ?? 0, close.index).trim();
  return { content: more.content, reasoning: [thought, more.reasoning].filter(Boolean).join('\n') };
}
