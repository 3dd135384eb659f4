/**
 * Secrets in one text. Every expression starts at a fixed word and is bounded, so that the time grows with the text's length alone,
 * and the engine's stack does not. A secret of more than 9,999 characters is found in part.
 */

/** A secret at [start, end) of a text. */
export interface Secret {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

interface Rule {
  readonly kind: string;
  /** Global; its group "secret", or the whole match, is the secret. */
  readonly pattern: RegExp;
  readonly accepts?: (secret: string, match: RegExpExecArray) => boolean;
}

/** Where a word starts, also after an escape of JSON: tool arguments hold texts as "…\nsk-…". */
const START = '(?:(?<![\\w-])|(?<=\\\\[nrt]))';
const token = (kind: string, body: string, accepts?: Rule['accepts']): Rule => ({
  kind,
  pattern: new RegExp(`${START}${body}`, 'g'),
  ...(accepts ? { accepts } : {}),
});

const PLACEHOLDER = /^(?:pass(?:word|wd)?|pwd|secret|token|user(?:name)?|changeme|example|x+|\*+|\.+|[$%{<[].*)$/i;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const INTEGRITY = /^sha\d{1,3}-/i;
const HEX_HASH = /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{128})$/i;
/** Names whose values are random for a secret's sake; the rest ("key") also name hashes. */
const SURELY_SECRET = /secret|passw|pwd|token|api|private|access|auth/i;

/** Bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Letters and digits mixed as no word, version or identifier mixes them. */
export function looksRandom(text: string): boolean {
  if (text.length < 10 || UUID.test(text) || INTEGRITY.test(text)) return false;
  const sample = text.slice(0, 200);
  const changes = sample.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
  return /[a-z]/i.test(sample) && changes >= 3 && entropy(sample) >= 3;
}

const isKeyLike = (text: string) => /\d/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text));

function isAssignedSecret(value: string, match: RegExpExecArray): boolean {
  const name = match.input.slice(Math.max(0, match.index - 12), match.index) + (match.groups?.name ?? '');
  if (HEX_HASH.test(value) && !SURELY_SECRET.test(name)) return false;
  // A call or an access: code that computes the value.
  const after = match.input[match.index + match[0].length];
  return after !== '(' && after !== '[' && looksRandom(value);
}

const ASSIGNED_NAME = '(?<name>(?:key|token|secret|passw(?:or)?d|passphrase|pwd|credential|authorization)[\\w-]{0,24})';
const ASSIGNED_TO = '[\'"\\\\\\]]{0,4}[ \\t]{0,8}(?::|=>?)[ \\t]{0,8}';

/** The more certain, the earlier: what overlaps an earlier finding is none. */
const RULES: readonly Rule[] = [
  {
    kind: 'private key',
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z\d+/=\s\\:,.'"]|-(?!----)){0,9999}(?:-----END [A-Z ]{0,40}-----)?/g,
    accepts: (block) => /[A-Za-z\d+/=]{40}/.test(block),
  },
  token('Anthropic key', 'sk-ant-[\\w-]{16,9999}'),
  token('OpenRouter key', 'sk-or-[\\w-]{20,9999}', isKeyLike),
  token('OpenAI key', 'sk-(?!ant-|or-)[\\w-]{20,9999}', isKeyLike),
  token('GitHub token', '(?:gh[opusr]_[A-Za-z\\d]{36,9999}|github_pat_\\w{22,9999})'),
  token('GitLab token', 'glpat-[\\w-]{20,9999}'),
  token('AWS access key', '(?:AKIA|ASIA)[A-Z\\d]{16}(?![A-Za-z\\d])'),
  token('Google key', 'AIza[\\w-]{35}'),
  token('Slack token', 'xox[abeoprs]-[A-Za-z\\d-]{10,9999}', isKeyLike),
  token('npm token', 'npm_[A-Za-z\\d]{36,9999}'),
  token('Stripe key', '[rs]k_live_[A-Za-z\\d]{16,9999}'),
  token('Hugging Face token', 'hf_[A-Za-z\\d]{30,9999}', isKeyLike),
  token('JSON web token', 'eyJ[\\w-]{8,9999}\\.eyJ[\\w-]{8,9999}\\.[\\w-]{8,9999}'),
  {
    kind: 'password in a URL',
    pattern: /:\/\/(?<user>[^\s:@/"'`\\<>]{0,100}):(?<secret>[^\s@/"'`\\<>]{1,200})@/g,
    accepts: (password, match) => password !== match.groups?.user && !PLACEHOLDER.test(password),
  },
  {
    kind: 'secret',
    pattern: new RegExp(
      `${ASSIGNED_NAME}${ASSIGNED_TO}\\\\?["'\`](?:Bearer |Basic )?(?<secret>[^\\s"'\`\\\\‹]{10,9999})`,
      'gi',
    ),
    accepts: isAssignedSecret,
  },
  {
    kind: 'secret',
    pattern: new RegExp(
      `${ASSIGNED_NAME}${ASSIGNED_TO}(?:Bearer |Basic )?(?<secret>[\\w+/=~-][\\w+/=.~-]{9,9999})`,
      'gi',
    ),
    accepts: isAssignedSecret,
  },
];

/** All secrets that the rules know, in the text's order, none overlapping another. */
export function findInText(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const { kind, pattern, accepts } of RULES) {
    for (const match of text.matchAll(pattern)) {
      const secret = match.groups?.secret ?? match[0];
      if (accepts && !accepts(secret, match)) continue;
      // The secret is followed by at most the one "@" of a URL.
      const start = match.index + match[0].lastIndexOf(secret);
      found.push({ kind, start, end: start + secret.length });
    }
  }
  return withoutOverlaps(found);
}

/** Keeps the earlier rule's finding of two that overlap. */
function withoutOverlaps(found: readonly Secret[]): readonly Secret[] {
  const ranked = found.map((secret, rank) => ({ secret, rank }));
  ranked.sort((one, other) => one.secret.start - other.secret.start || one.rank - other.rank);
  const kept: typeof ranked = [];
  for (const each of ranked) {
    const last = kept.at(-1);
    if (!last || each.secret.start >= last.secret.end) kept.push(each);
    else if (each.rank < last.rank) kept[kept.length - 1] = each;
  }
  return kept.map(({ secret }) => secret);
}
