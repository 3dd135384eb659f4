import type { Model } from '../../model/model.ts';
import { parseSessionText } from '../../session/format/parse-session.ts';
import type { ModelRequest, OpenAIRequest } from '../page-api.ts';

/** The model that a command asks for, loaded when it is needed. */
export async function createModel(request: ModelRequest): Promise<Model> {
  switch (request.kind) {
    case 'solver': {
      const { createSolver } = await import('../../model/solver/solver.ts');
      return createSolver();
    }
    case 'person': {
      const { createTerminalModel } = await import('./person.ts');
      return createTerminalModel();
    }
    case 'openai':
      return await createServed(request);
    case 'replay': {
      const { createRecordedModel } = await import('../../model/recorded.ts');
      return createRecordedModel(parseSessionText(request.recording));
    }
  }
}

async function createServed(request: OpenAIRequest): Promise<Model> {
  const [{ createOpenAIModel }, { withToolMode }] = await Promise.all([
    import('../../model/openai.ts'),
    import('../../model/tool-mode.ts'),
  ]);
  const { name: model, baseUrl, hostUrl, apiKey, contextWindow, timeouts, patience } = request;
  const served = createOpenAIModel({
    model,
    baseUrl,
    hostUrl,
    apiKey,
    timeouts,
    ...(contextWindow === null ? {} : { contextWindow }),
    ...(patience === null ? {} : { retry: { patience: patience * 1000 } }),
  });
  return withToolMode(served, request.tools);
}
