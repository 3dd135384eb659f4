import { type Model, type ModelReply, type ModelRequest, type RespondOptions, ToolsRefusedError } from './model.ts';
import { fromTextReply, toTextRequest } from './text/text-protocol.ts';
import type { ToolMode } from './tool-modes.ts';

/**
 * The model with tools in the given mode. In `auto`, a server that refuses tools is asked in the text protocol for the rest of the session,
 * and calls that a model writes into its text are understood.
 */
export function withToolMode(model: Model, mode: ToolMode): Model {
  if (mode === 'native') return model;
  let isText = mode === 'text';
  const inText = async (request: ModelRequest, options: RespondOptions): Promise<ModelReply> =>
    fromTextReply(await model.respond(toTextRequest(request), options), request.tools);
  return {
    ...model,
    respond: async (request, options) => {
      if (isText) return await inText(request, options);
      try {
        const reply = await model.respond(request, options);
        return reply.message.toolCalls.length > 0 ? reply : fromTextReply(reply, request.tools);
      } catch (error) {
        if (!(error instanceof ToolsRefusedError)) throw error;
        isText = true;
        return await inText(request, options);
      }
    },
  };
}
