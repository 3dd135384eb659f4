/** Secrets in a session, to be found and masked before it is shared. Binary files are not looked into. */
import type { SessionEvent, SessionFile } from '../session/events.ts';
import { parseSessionFile } from '../session/format/parse-session.ts';
import { EMPTY_WORKING_TREE, hashedFiles, nextWorkingTree } from '../session/state/working-files.ts';
import { hashTree } from '../session/tree.ts';
import { findInText, looksRandom, type Secret } from './find-in-text.ts';
import { maskFor } from './mask.ts';
import { mapTexts } from './session-texts.ts';

export interface SecretFinding {
  /** "OpenAI key", "password in a URL", ".env file" … */
  readonly kind: string;
  /** Number of the event. */
  readonly event: number;
  /** For a person: "file src/a.js", "output of npm test". */
  readonly place: string;
  /** The secret, shortened. */
  readonly shown: string;
  /** Which text of the event: "files.src/a.js", "calls.0.arguments". */
  readonly field: string;
  /** Span in that text: [start, end). */
  readonly start: number;
  readonly end: number;
}

const ENV_FILE = '.env file';
const IS_ENV = /(?:^|\/)\.env[^/]*$/i;
/** A secret this long is masked wherever it occurs; a shorter one could be a part of other words. */
const SHORTEST_EVERYWHERE = 8;

const shorten = (secret: string): string =>
  secret.length < 16 ? `${secret.slice(0, 2)}…` : `${secret.slice(0, 8).trim()}…${secret.slice(-4).trim()}`;

/** Everything in a session that looks like a secret, in the order of its events. Takes time proportional to its length. */
export function findSecrets(session: SessionFile): SecretFinding[] {
  const findings: SecretFinding[] = [];
  const known = new Map<string, readonly Secret[]>();
  const secretsOf = (text: string): readonly Secret[] => {
    const secrets = known.get(text) ?? findInText(text);
    known.set(text, secrets);
    return secrets;
  };
  mapTexts(session, (text, { event, field, place, path }) => {
    const isEnv = path !== null && IS_ENV.test(path) && text.trim() !== '' && text !== maskFor(ENV_FILE);
    const secrets = isEnv ? [{ kind: ENV_FILE, start: 0, end: text.length }] : secretsOf(text);
    for (const secret of secrets) {
      const shown = isEnv ? `${text.length} characters` : shorten(text.slice(secret.start, secret.end));
      findings.push({ ...secret, event, field, place, shown });
    }
    return text;
  });
  return findings;
}

/** Line breaks are escaped in tool arguments, and not in files. */
function spellings(secret: string): string[] {
  const unescaped = secret.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
  return [secret, JSON.stringify(secret).slice(1, -1), unescaped, JSON.stringify(unescaped).slice(1, -1)];
}

/** Values of a .env file that would give it away elsewhere. */
function valuesOfEnv(text: string): Secret[] {
  const values = [...text.matchAll(/^[ \t]*(?:export )?[\w.]{1,100}[ \t]*=[ \t]*["']?([^\s"']+)/gm)].map((match) => ({
    kind: ENV_FILE,
    start: match.index + match[0].length - (match[1]?.length ?? 0),
    end: match.index + match[0].length,
  }));
  return [...findInText(text), ...values.filter(({ start, end }) => looksRandom(text.slice(start, end)))];
}

/** Mask by secret, the longest first. */
function collectMasks(
  session: SessionFile,
  byField: ReadonlyMap<string, readonly SecretFinding[]>,
): [string, string][] {
  const masks = new Map<string, string>();
  mapTexts(session, (text, { event, field }) => {
    for (const finding of byField.get(`${event} ${field}`) ?? []) {
      const secrets: readonly Secret[] = finding.kind === ENV_FILE ? valuesOfEnv(text) : [finding];
      for (const { kind, start, end } of secrets) {
        if (end - start < SHORTEST_EVERYWHERE) continue;
        for (const spelling of spellings(text.slice(start, end)))
          masks.set(spelling, masks.get(spelling) ?? maskFor(kind));
      }
    }
    return text;
  });
  return [...masks].sort(([one], [other]) => other.length - one.length);
}

function maskSpans(text: string, findings: readonly SecretFinding[]): string {
  const fromTheEnd = findings.toSorted((one, other) => other.start - one.start);
  return fromTheEnd.reduce(
    (masked, { kind, start, end }) => masked.slice(0, start) + maskFor(kind) + masked.slice(end),
    text,
  );
}

/** Gives each tree its new hash; one that was wrong before stays as it is. */
function rehashTrees(before: readonly SessionEvent[], after: readonly SessionEvent[]): SessionEvent[] {
  let old = EMPTY_WORKING_TREE;
  let working = EMPTY_WORKING_TREE;
  return after.map((event, index) => {
    const was = before[index];
    if (was) old = nextWorkingTree(old, was);
    working = nextWorkingTree(working, event);
    if (!('tree' in event) || !was || event.tree !== hashTree(hashedFiles(old, was))) return event;
    return { ...event, tree: hashTree(hashedFiles(working, event)) };
  });
}

/**
 * The session with these findings masked, and with them every other occurrence of the same secrets, also in trees' hashes.
 * `findings` are this session's own, or some of them. Throws SessionFormatError for what is not a session.
 */
export function redactSession(session: SessionFile, findings: readonly SecretFinding[]): SessionFile {
  const checked = parseSessionFile(session);
  const byField = Map.groupBy(findings, ({ event, field }) => `${event} ${field}`);
  const masks = collectMasks(checked, byField);
  const masked = mapTexts(checked, (text, { event, field }) =>
    masks.reduce(
      (result, [secret, mask]) => result.replaceAll(secret, () => mask),
      maskSpans(text, byField.get(`${event} ${field}`) ?? []),
    ),
  );
  const { events, ...rest } = parseSessionFile(masked);
  return { ...rest, events: rehashTrees(checked.events, events) };
}
