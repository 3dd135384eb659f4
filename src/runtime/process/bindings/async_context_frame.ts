import type { BindingFactory } from '../context.ts';

/** `internalBinding('async_context_frame')`: what AsyncLocalStorage keeps its stores in. */
export const asyncContextFrame: BindingFactory = ({ asyncContext }) => ({
  getContinuationPreservedEmbedderData: () => asyncContext.getFrame(),
  setContinuationPreservedEmbedderData: (frame: unknown) => asyncContext.setFrame(frame),
});
