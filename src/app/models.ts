import type { Models } from '../agent/agent-run.ts';
import type { Model } from '../model/model.ts';
import type { Seat } from '../model/person.ts';
import type { Settings } from './settings.ts';

/** The model that the settings name, loaded when it is needed; a person sits in `seat`. Rejects when they are incomplete. */
export async function chooseModel({ model, modelName, ...server }: Settings, seat: Seat): Promise<Model> {
  if (model === 'solver') {
    const { createSolver } = await import('../model/solver/solver.ts');
    return createSolver();
  }
  if (model === 'person') {
    const { createPersonModel } = await import('../model/person.ts');
    return createPersonModel(seat);
  }
  if (modelName === '') throw new Error('Name a model in the settings first.');
  return createServerModel(modelName, server);
}

/** Models for single roles, where the settings name some. */
export async function chooseRoleModels({ model, roleModels, ...server }: Settings): Promise<Models> {
  if (model !== 'openai') return {};
  const named = Object.entries(roleModels).filter(([, name]) => name.trim() !== '');
  const made = named.map(async ([role, name]) => [role, await createServerModel(name.trim(), server)] as const);
  return Object.fromEntries(await Promise.all(made));
}

type Server = Pick<Settings, 'key' | 'baseUrl' | 'tools' | 'contextWindow'>;

async function createServerModel(model: string, { key, baseUrl, tools, contextWindow }: Server): Promise<Model> {
  const [{ createOpenAIModel }, { withToolMode }] = await Promise.all([
    import('../model/openai.ts'),
    import('../model/tool-mode.ts'),
  ]);
  const window = contextWindow === null ? {} : { contextWindow };
  return withToolMode(createOpenAIModel({ model, apiKey: key, baseUrl, ...window }), tools);
}
