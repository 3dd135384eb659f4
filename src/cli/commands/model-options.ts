/** Options of the commands that ask a model. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PRESETS, type Preset } from '../../model/presets.ts';
import { TOOL_MODES, type ToolMode } from '../../model/tool-modes.ts';
import type { OpenPage } from '../browser/command-page.ts';
import type { ModelRequest, OpenAIRequest } from '../page-api.ts';
import { createTerminal } from '../terminal.ts';
import { parseCount, parsePositive, UsageError } from './arguments.ts';

export interface ModelOptions {
  baseUrl?: string;
  tools: string;
  context?: string;
  firstToken?: string;
  silence?: string;
  patience?: string;
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--base-url <url>', 'address of the OpenAI-compatible server of openai:NAME', 'https://api.openai.com/v1')
    .option('--tools <mode>', `how the model calls tools: ${TOOL_MODES.join(', ')}`, 'auto')
    .option('--context <tokens>', "the model's window; without it what the server or a table says")
    .option('--first-token <seconds>', 'how long a server may think before its first word')
    .option('--silence <seconds>', 'how long it may be silent in the middle of a reply')
    .option('--patience <seconds>', 'how long a server that fails or is busy is asked again');
}

/** What of its page a model needs. */
export type ModelPlace = Pick<OpenPage, 'relayTo' | 'answerWith'>;

/** What `--model` names. Throws UsageError. */
export async function modelRequest(model: string, options: ModelOptions, open: ModelPlace): Promise<ModelRequest> {
  if (model === 'solver') return { kind: 'solver' };
  if (model === 'person') {
    open.answerWith(createTerminal());
    return { kind: 'person' };
  }
  const [kind = '', ...rest] = model.split(':');
  const name = rest.join(':');
  if (kind === 'replay' && name !== '') return { kind: 'replay', recording: await readFile(name, 'utf8') };
  const host = hostOf(model, options.baseUrl);
  if (host) return openAIRequest(host, options, open);
  const hosts = PRESETS.map(({ id }) => id).join(', ');
  throw new UsageError(
    `"${model}" is no model: use solver, person, replay:FILE or HOST:NAME, where HOST is one of ${hosts}`,
  );
}

export interface NamedModel {
  readonly name: string;
  readonly url: string;
  readonly key: string;
}

/** The host, the name and the key of "HOST:NAME"; null when there is no such host. */
export function hostOf(model: string, baseUrl?: string): NamedModel | null {
  const [id, ...rest] = model.split(':');
  const name = rest.join(':');
  const preset = PRESETS.find((each) => each.id === id);
  if (!preset || name === '') return null;
  const url = preset.id === 'openai' ? (baseUrl ?? preset.baseUrl) : preset.baseUrl;
  return { name, url, key: process.env[keyVariable(preset)] ?? '' };
}

function openAIRequest({ name, url, key }: NamedModel, options: ModelOptions, open: ModelPlace): OpenAIRequest {
  const { context, firstToken, silence, patience } = options;
  return {
    kind: 'openai',
    name,
    hostUrl: url,
    baseUrl: open.relayTo(url),
    apiKey: key,
    tools: parseToolMode(options.tools),
    contextWindow: context === undefined ? null : parseCount('--context', context),
    timeouts: {
      ...(firstToken === undefined ? {} : { firstToken: parsePositive('--first-token', firstToken) }),
      ...(silence === undefined ? {} : { silence: parsePositive('--silence', silence) }),
    },
    patience: patience === undefined ? null : parsePositive('--patience', patience),
  };
}

function parseToolMode(text: string): ToolMode {
  const mode = TOOL_MODES.find((each) => each === text);
  if (!mode) throw new UsageError(`--tools ${text}: use one of ${TOOL_MODES.join(', ')}`);
  return mode;
}

/** Each host has a key of its own: one host's is never sent to another. */
const keyVariable = ({ id }: Preset) => `${id.toUpperCase()}_API_KEY`;
