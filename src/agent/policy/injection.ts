/** Texts that speak to the agent as if they gave it orders. Heuristics: they warn and log; what protects is the policy. */

export interface Suspicion {
  /** "asks for secrets". */
  readonly suspicion: string;
  readonly excerpt: string;
}

interface Sign {
  readonly suspicion: string;
  readonly pattern: RegExp;
  /** It counts only where somebody is spoken to nearby: code and manuals say such things, too. */
  readonly addressed?: true;
}

const ADDRESS =
  /\b(?:AI|LLMs?|language model|(?:coding |software )?(?:agents?|assistants?|bots?)|copilot|claude|chatgpt|gpt|gemini)\b|\byou (?:must|should|shall|will|have to|need to|are now)\b|\b(?:before|after) you\b|\bIMPORTANT\b|\bmust (?:now|first|also)\b/i;
const NEARBY = 220;
const LONGEST_EXCERPT = 160;
const MOST = 3;

const SIGNS: readonly Sign[] = [
  {
    suspicion: 'tells the agent to forget its instructions',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|preceding|other|your|system|safety)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|directions?|messages?|guidelines|policy|policies)\b/gi,
  },
  {
    suspicion: 'asks for secrets',
    pattern:
      /\b(?:print|show|reveal|send|output|echo|post|upload|exfiltrate|include|paste|write|tell|log|dump|cat|read out|display|share|submit|leak)\b[^.\n]{0,70}(?:\b(?:api[ _-]?keys?|secrets?(?: keys?)?|passwords?|access tokens?|credentials?|environment variables?|private keys?|system prompt|your keys?|their keys?)\b|\.env\b)/gi,
    addressed: true,
  },
  {
    suspicion: 'tells the agent to weaken the tests',
    pattern:
      /\b(?:delete|remove|disable|skip|empty|overwrite|erase|drop|comment out|weaken|wipe|rm -rf)\b[^.\n]{0,50}\b(?:tests?|test files?|test suite|specs?|assertions?)\b/gi,
    addressed: true,
  },
  {
    suspicion: 'tells the agent to send things elsewhere',
    pattern:
      /\b(?:git push|curl|wget|npm publish|fetch|upload|post(?!-))\b[^\n]{0,60}\bhttps?:\/\/(?!localhost|127\.0\.0\.1)/gi,
    addressed: true,
  },
  {
    suspicion: 'tells the agent to send things elsewhere',
    pattern: /\b(?:run|execute|do|call|then)\b[^.\n]{0,30}\b(?:git push|npm publish)\b/gi,
    addressed: true,
  },
  {
    suspicion: 'speaks to AI agents',
    pattern:
      /\b(?:instructions?|notes?|notice|message|directive|warning|orders?)\s+(?:for|to)\s+(?:all\s+|any\s+|the\s+)?(?:AI|LLM|language[- ]model|automated|coding|software)?[- ]?(?:agents?|assistants?|models?|LLMs?|AIs?|bots?)\b|\bas an AI (?:agent|assistant|model)\b/gi,
  },
  {
    suspicion: 'imitates the marks of a conversation',
    pattern:
      /<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|system_prompt|assistant|tool_result|function_results)>|^(?:SYSTEM|ASSISTANT|USER)\s*:\s*\S/gm,
  },
  {
    suspicion: 'holds characters that only a machine sees',
    pattern: /[\u{e0020}-\u{e007f}]{4,}|[\u202a-\u202e\u2066-\u2069]{2,}|[\u200b\u200c\u2060\u2063]{8,}/gu,
  },
];

/** At most three, in the order of the signs. */
export function findSuspicions(text: string): readonly Suspicion[] {
  const found = new Map<string, Suspicion>();
  // A sentence goes on over line breaks, and over the line numbers that tools put before lines.
  const flat = text.replace(/\n[ \t]*(?:[\w./-]*\d+:)?[ \t>*#/-]*/g, ' ');
  for (const { suspicion, pattern, addressed } of SIGNS) {
    const searched = pattern.multiline ? text : flat;
    for (const match of searched.matchAll(pattern)) {
      if (found.has(suspicion)) break;
      const around = searched.slice(Math.max(0, match.index - NEARBY), match.index + match[0].length + NEARBY);
      if (!addressed || ADDRESS.test(around)) found.set(suspicion, { suspicion, excerpt: excerptOf(match[0]) });
    }
  }
  return [...found.values()].slice(0, MOST);
}

function excerptOf(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cf}\p{Cc}]/gu, '·')
    .trim();
  return line.length <= LONGEST_EXCERPT ? line : `${line.slice(0, LONGEST_EXCERPT - 1)}…`;
}
