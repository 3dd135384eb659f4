/** Known hosts and local servers of OpenAI's chat completions, as data. */

export interface Preset {
  /** As the command line names it: `--model groq:NAME`, with the key in GROQ_API_KEY. */
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly needsKey: boolean;
  /** Whether a page may call it: 'set-up' when the user has to allow it, 'unknown' where nobody has looked. */
  readonly fromPage: 'yes' | 'no' | 'set-up' | 'unknown';
  readonly isLocal: boolean;
  /** What a user has to know or do. */
  readonly note?: string;
  /** Headers that the host demands. */
  readonly headers?: Readonly<Record<string, string>>;
}

const host = (id: string, name: string, baseUrl: string, more: Partial<Preset> = {}): Preset => ({
  id,
  name,
  baseUrl,
  needsKey: true,
  fromPage: 'unknown',
  isLocal: false,
  ...more,
});
const local = (id: string, name: string, baseUrl: string, note: string): Preset => ({
  id,
  name,
  baseUrl,
  needsKey: false,
  fromPage: 'set-up',
  isLocal: true,
  note,
});

export const PRESETS: readonly Preset[] = [
  host('openai', 'OpenAI', 'https://api.openai.com/v1', { fromPage: 'yes' }),
  host('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1', {
    fromPage: 'yes',
    note: 'Models of many hosts under one key; says the cost of each reply itself.',
  }),
  host('anthropic', 'Anthropic', 'https://api.anthropic.com/v1', {
    fromPage: 'yes',
    note: 'An organisation can forbid calls from pages in its settings.',
    headers: { 'anthropic-dangerous-direct-browser-access': 'true' },
  }),
  host('gemini', 'Google Gemini', 'https://generativelanguage.googleapis.com/v1beta/openai', { fromPage: 'yes' }),
  host('deepseek', 'DeepSeek', 'https://api.deepseek.com/v1'),
  host('mistral', 'Mistral', 'https://api.mistral.ai/v1'),
  host('groq', 'Groq', 'https://api.groq.com/openai/v1', { fromPage: 'yes' }),
  host('xai', 'xAI', 'https://api.x.ai/v1'),
  host('together', 'Together', 'https://api.together.xyz/v1'),
  host('fireworks', 'Fireworks', 'https://api.fireworks.ai/inference/v1'),
  host('cerebras', 'Cerebras', 'https://api.cerebras.ai/v1'),
  host('moonshot', 'Moonshot', 'https://api.moonshot.ai/v1'),
  host('zai', 'Z.ai', 'https://api.z.ai/api/paas/v4'),
  host('huggingface', 'Hugging Face', 'https://router.huggingface.co/v1'),
  host('nvidia', 'NVIDIA', 'https://integrate.api.nvidia.com/v1', { fromPage: 'no' }),
  local(
    'ollama',
    'Ollama',
    'http://localhost:11434/v1',
    'Allow the page with OLLAMA_ORIGINS. It cuts long conversations silently: raise OLLAMA_CONTEXT_LENGTH and give the same number here as the context.',
  ),
  local(
    'lmstudio',
    'LM Studio',
    'http://localhost:1234/v1',
    'Switch CORS on in the settings of its server; load the model with a large context.',
  ),
  local(
    'llamacpp',
    'llama.cpp',
    'http://localhost:8080/v1',
    'Start llama-server with --jinja for tool calls, and with a large --ctx-size.',
  ),
  local(
    'vllm',
    'vLLM',
    'http://localhost:8000/v1',
    `Start it with --enable-auto-tool-choice and --tool-call-parser for tool calls, and --allowed-origins '["*"]' for pages.`,
  ),
];

/** The preset of an address; undefined for others. */
export function presetOf(baseUrl: string): Preset | undefined {
  const wanted = addressOf(baseUrl);
  return wanted === null ? undefined : PRESETS.find((preset) => addressOf(preset.baseUrl) === wanted);
}

export const headersFor = (baseUrl: string): Readonly<Record<string, string>> => presetOf(baseUrl)?.headers ?? {};

/** Host and port: paths have several spellings. */
function addressOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host.replace(/^127\.0\.0\.1/, 'localhost') : null;
}
