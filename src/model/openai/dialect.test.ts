import { expect, it } from 'vitest';
import { overflowOf, refusesTools } from './dialect.ts';
import { isAboutKey, isOutOfCredit } from './explain.ts';
import { ServerError } from './server-error.ts';

const error = (text: string, status = 400, code: string | null = null) => new ServerError({ text, status, code });

it.each<[string, string, number | null, number?]>([
  [
    'OpenAI',
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9100 tokens. Please reduce the length of the messages.",
    8192,
  ],
  [
    'OpenAI, newer',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    null,
  ],
  [
    'vLLM',
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4500 in the messages, 500 in the completion).",
    4096,
  ],
  [
    'vLLM, newer',
    "'max_tokens' or 'max_completion_tokens' is too large: 16384. This model's maximum context length is 8192 tokens and your request has 7000 input tokens",
    8192,
  ],
  ['SGLang', "The input (5000 tokens) is longer than the model's context length (4096 tokens).", 4096],
  ['llama.cpp', 'the request exceeds the available context size, try increasing it', null],
  [
    'llama.cpp, newer',
    'request (9124 tokens) exceeds the available context size (8192 tokens), try increasing it',
    8192,
  ],
  [
    'LM Studio',
    'Trying to keep the first 5120 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.',
    4096,
  ],
  ['Ollama', 'input length exceeds maximum context length', null],
  [
    'TGI',
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 100 `max_new_tokens`',
    4096,
    422,
  ],
  ['TabbyAPI', 'Prompt length 5000 is greater than max_seq_len 4096', 4096],
  ['Anthropic', 'prompt is too long: 208310 tokens > 200000 maximum', 200_000],
  [
    'Anthropic, with its reply',
    'input length and `max_tokens` exceed context limit: 190000 + 16384 > 200000, decrease input length or `max_tokens` and try again',
    200_000,
  ],
  ['Google', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
  ['Groq', 'Please reduce the length of the messages or completion.', null],
  [
    'Groq, by its minute',
    'Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000, please reduce your message size and try again.',
    6000,
    413,
  ],
  [
    'Cerebras',
    'Please reduce the length of the messages or completion. Current length is 8194 while limit is 8192',
    8192,
  ],
  [
    'Mistral',
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    32_768,
  ],
  ['xAI', "This model's maximum prompt length is 131072 but the request contains 131088 tokens.", 131_072],
  ['Together', 'The number of input tokens (40000) exceeds the context length (32768).', 32_768],
  ['Fireworks', 'The prompt is too long: 140000, model maximum context length: 131071', 131_071],
  [
    'OpenRouter',
    "This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens.",
    32_768,
  ],
  ['Moonshot', 'Invalid request: Your request exceeded model token limit: 8192', 8192],
  ['Z.ai', 'Prompt exceeds max length', null],
  ['Bedrock', 'Input is too long for requested model.', null],
  ['Cohere', 'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000.', 4081],
  ['DeepSeek', "This model's maximum context length is 65536 tokens. However, you requested 70000 tokens.", 65_536],
  ['a proxy', 'Payload Too Large', null, 413],
])('hears that the request is too long: %s', (_, text, window, status) => {
  expect(overflowOf(error(text, status))).toBe(window);
});

it.each([
  ['The model `x` does not exist', 404],
  ['Invalid value for temperature', 400],
  ['Rate limit reached: 6000 tokens per minute', 429],
  ['max_tokens is too large: 100000. This model supports at most 16384 completion tokens', 400],
  ['messages must not be empty', 400],
])('and not in: %s', (text, status) => {
  expect(overflowOf(error(text, status))).toBeUndefined();
});

it.each([
  ['openai', 'Incorrect API key provided: sk-…', 401],
  ['Google', 'API key not valid. Please pass a valid API key.', 400],
  ['xAI', 'Incorrect API key provided. You can obtain an API key from https://console.x.ai.', 400],
  [
    'Google, without',
    'Method does not allow unregistered callers. Please use API Key or other form of API consumer identity',
    403,
  ],
  ['Mistral', 'Unauthorized', 401],
  ['Azure', 'Access denied due to invalid subscription key or wrong API endpoint.', 401],
  ['Cloudflare', 'Authentication error', 403],
])('hears that the key is wrong: %s', (_, text, status) => {
  expect(isAboutKey(error(text, status))).toBe(true);
});
it('does not take every refusal for one of the key', () => {
  expect(isAboutKey(error('Your country is not supported', 403))).toBe(false);
  expect(isAboutKey(error('The model `key-1` does not exist', 404))).toBe(false);
  expect(isAboutKey(error('tool_choice is invalid', 400))).toBe(false);
});

it.each([
  ['You exceeded your current quota, please check your plan and billing details.', 429, 'insufficient_quota'],
  ['Insufficient Balance', 402, null],
  ['Your credit balance is too low to access the Anthropic API.', 400, 'invalid_request_error'],
  ['This request requires more credits, or fewer max_tokens.', 402, null],
])('hears that there is no money: %s', (text, status, code) => {
  expect(isOutOfCredit(error(text, status, code))).toBe(true);
});

it.each([
  ['m does not support tools', 400],
  ['`tool calling` is not supported with this model', 400],
  ['"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', 400],
  ['No endpoints found that support tool use.', 404],
  ["Unrecognized request argument supplied: 'tools'", 400],
  ['tools param requires --jinja flag', 500],
])('hears that there are no tools: %s', (text, status) => {
  expect(refusesTools(error(text, status))).toBe(true);
});
