/** Options of the commands that ask a model. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PRESETS, type Preset } from '../../model/presets.ts';
import { TOOL_MODES, type ToolMode } from '../../model/tool-mode.ts';
import type { OpenPage } from '../command-page.ts';
import type { ModelRequest, OpenAIRequest } from '../page-api.ts';
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

/** What `--model` names. Throws UsageError. */
export async function modelRequest(model: string, options: ModelOptions, open: OpenPage): Promise<ModelRequest> {
  if (model === 'solver') return { kind: 'solver' };
  const [kind = '', ...rest] = model.split(':');
  const name = rest.join(':');
  if (kind === 'replay' && name !== '') return { kind: 'replay', recording: await readFile(name, 'utf8') };
  const preset = PRESETS.find(({ id }) => id === kind);
  if (preset && name !== '') return openAIRequest(preset, name, { options, open });
  const hosts = PRESETS.map(({ id }) => id).join(', ');
  throw new UsageError(`"${model}" is no model: use solver, replay:FILE or HOST:NAME, where HOST is one of ${hosts}`);
}

interface Context {
  readonly options: ModelOptions;
  readonly open: OpenPage;
}

function openAIRequest(preset: Preset, name: string, { options, open }: Context): OpenAIRequest {
  const { context, firstToken, silence, patience } = options;
  const hostUrl = preset.id === 'openai' ? (options.baseUrl ?? preset.baseUrl) : preset.baseUrl;
  return {
    kind: 'openai',
    name,
    hostUrl,
    baseUrl: open.relayTo(hostUrl),
    apiKey: process.env[keyVariable(preset)] ?? '',
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
