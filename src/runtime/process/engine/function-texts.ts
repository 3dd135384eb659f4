/** `Function.prototype.toString` gives what the user wrote, of code that runs transformed too: programs send functions elsewhere as text. */
import type { SourceRegistry } from '../context.ts';
import { withoutName } from '../failures/eval-origin.ts';

/** A name that only transformed code has. */
const TRANSFORMED =
  /__(?:captureContext|awaitedValue|restoreContext|lastContext|importFromScript|evaluatedText|coverage|coverageValue|coverageLink|dynamicImport|module[A-Z]\w*|defaultExport|vm[A-Z]\w*)\b/;

const texts = new WeakMap<object, string>();

/** What the function's text is, where it is more than the user wrote in one place. */
export function noteFunctionText(target: object, text: string): void {
  texts.set(target, text);
}

/** Must run before Node's primordials copy the function. */
export function showOriginalTexts(registry: SourceRegistry): void {
  const native = Function.prototype.toString;
  const replacement = {
    toString(this: unknown): string {
      const noted = typeof this === 'function' ? texts.get(this) : undefined;
      if (noted !== undefined) return noted;
      const text = withoutName(native.call(this === replacement.toString ? native : (this as () => void)));
      return TRANSFORMED.test(text) ? (registry.originalText(text) ?? text) : text;
    },
  };
  Object.defineProperty(Function.prototype, 'toString', {
    value: replacement.toString,
    configurable: true,
    writable: true,
  });
}
