import type { Model } from '../model/model.ts';
import type { Settings } from './settings.ts';

/** The model that the settings name, loaded when it is needed. Rejects when they are incomplete. */
export async function chooseModel({ model, modelName, key, baseUrl }: Settings): Promise<Model> {
  if (model === 'solver') {
    const { createSolver } = await import('../model/solver/solver.ts');
    return createSolver();
  }
  if (modelName === '') throw new Error('Name a model in the settings first.');
  const [{ createOpenAIModel }, { withToolMode }] = await Promise.all([
    import('../model/openai.ts'),
    import('../model/tool-mode.ts'),
  ]);
  return withToolMode(createOpenAIModel({ model: modelName, apiKey: key, baseUrl }), 'auto');
}
