import { type Model, ModelError } from '../model/model.ts';
import { createScriptedModel, type ScriptedModel } from '../model/scripted.ts';

type Script = Parameters<typeof createScriptedModel>[0];

export interface Cast extends Model {
  readonly speakers: Readonly<Record<string, ScriptedModel | Model>>;
}

/** A model with a script, or a model, for each branch: "round-1-candidate-2". */
export function createCast(scripts: Readonly<Record<string, Script | Model>>): Cast {
  const speakers = Object.fromEntries(
    Object.entries(scripts).map(([name, script]) => [name, 'respond' in script ? script : createScriptedModel(script)]),
  );
  const nobody: Model = { name: 'scripted', respond: () => Promise.reject(new ModelError('Nobody speaks here.')) };
  return { ...nobody, speakers, forConversation: (_role, branch = '') => speakers[branch] ?? nobody };
}
