/** The session file's schema: each field by name, so that nothing else can be stored, shared or read. */
import { z } from 'zod';
import type { SessionEvent, SessionFile } from '../events.ts';
import type { Content, FileChange } from '../files.ts';
import { findInconsistency } from './consistency.ts';

// Schemas compiled to code need eval, which the page's security policy forbids.
z.config({ jitless: true });

/** A session that cannot be read. The message says what is wrong and where; `advice` what can be done. */
export class SessionFormatError extends Error {
  override name = 'SessionFormatError';
  readonly advice: string;

  constructor(problem: string, advice: string) {
    super(`${problem} ${advice}`);
    this.advice = advice;
  }
}

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative();
const treeHash = z.string().regex(/^[0-9a-f]{40}$/, 'is not a tree hash');
const base64 = z.string().regex(/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/, 'is not base64');

const content = z.union([z.string(), z.object({ base64 })]) satisfies z.ZodType<Content>;
const files = z.record(z.string(), content);
const change = z.object({ path: z.string(), content: content.nullable() }) satisfies z.ZodType<FileChange>;
const changes = z.array(change);

const patterns = z.array(z.string());
const task = z.object({
  name: z.string(),
  title: z.string(),
  goal: z.string(),
  test: z.string(),
  level: z.enum(['starter', 'easy', 'medium', 'hard']),
  editable: z.array(z.string()),
  protected: z.array(z.string()),
  hints: z.array(z.string()),
  review: z.array(z.string()).exactOptional(),
  checks: z
    .object({ lint: z.string().exactOptional(), types: z.string().exactOptional(), hidden: z.string().exactOptional() })
    .exactOptional(),
  commands: z
    .object({ allow: patterns.exactOptional(), ask: patterns.exactOptional(), deny: patterns.exactOptional() })
    .exactOptional(),
  secrets: z.boolean().exactOptional(),
});

const limits = z.object({
  steps: amount,
  attempts: amount,
  seconds: amount,
  tokens: amount,
  cost: amount,
  output: amount.exactOptional(),
});

const spent = z.object({
  steps: count,
  attempts: count,
  milliseconds: amount,
  inputTokens: amount,
  outputTokens: amount,
  cost: amount.nullable(),
});

const verdict = z.object({
  exitCode: z.number().int(),
  passed: z.boolean(),
  format: z.string().nullable(),
  counts: z.object({ passed: count, failed: count, skipped: count }).nullable(),
  tests: z.array(
    z.object({
      name: z.array(z.string()),
      file: z.string().exactOptional(),
      status: z.enum(['passed', 'failed', 'skipped', 'todo']),
      message: z.string().exactOptional(),
    }),
  ),
  doubt: z.string().exactOptional(),
});

/** Of one reply. */
const counts = {
  inputTokens: amount.exactOptional(),
  outputTokens: amount.exactOptional(),
  cachedTokens: amount.exactOptional(),
  estimated: z.literal(true).exactOptional(),
  cost: amount.exactOptional(),
};
const size = z.object({ messages: count, tokens: amount });

const base = { seq: count, at: z.number() };
const inRun = { ...base, run: z.string() };
const onBranch = { ...inRun, branch: z.string().exactOptional() };
const inCall = { ...inRun, call: z.string() };
const action = z.enum(['command', 'change', 'tests', 'read']);

const sessionEvent = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('session-started'),
    task,
    files,
    tree: treeHash,
    attempt: z.string(),
    installed: z
      .object({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 hash'), files: count, bytes: count })
      .exactOptional(),
  }),
  z.object({
    ...inRun,
    type: z.literal('run-started'),
    model: z.string(),
    strategy: z.string(),
    limits,
    from: z.string(),
  }),
  z.object({
    ...inRun,
    type: z.literal('step-started'),
    step: count,
    role: z.string().exactOptional(),
    branch: z.string().exactOptional(),
    model: z.string().exactOptional(),
  }),
  z.object({
    ...inRun,
    type: z.literal('plan-updated'),
    steps: z.array(z.object({ text: z.string(), status: z.enum(['pending', 'active', 'done', 'failed']) })),
  }),
  z.object({
    ...inRun,
    type: z.literal('review-given'),
    step: count,
    attempt: z.string(),
    approved: z.boolean(),
    comments: z.string(),
  }),
  z.object({ ...inRun, type: z.literal('branch-started'), branch: z.string(), from: z.string() }),
  z.object({
    ...inRun,
    type: z.literal('branch-ended'),
    branch: z.string(),
    attempt: z.string(),
    kept: z.boolean(),
  }),
  z.object({ ...inRun, type: z.literal('sandbox-rebooted'), reason: z.string() }),
  z.object({ ...inRun, type: z.literal('model-told'), step: count, text: z.string() }),
  z.object({ ...inRun, type: z.literal('limit-unwatched'), limit: z.literal('cost'), reason: z.string() }),
  z.object({
    ...inRun,
    type: z.literal('model-replied'),
    step: count,
    text: z.string(),
    reasoning: z.string().exactOptional(),
    calls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
    ...counts,
    correction: z.string().exactOptional(),
    milliseconds: amount,
  }),
  z.object({
    ...inRun,
    type: z.literal('model-retried'),
    step: count,
    reason: z.string(),
    waitMilliseconds: amount,
    ...counts,
  }),
  z.object({
    ...inRun,
    type: z.literal('context-compacted'),
    step: count,
    window: z.object({ tokens: amount, source: z.enum(['given', 'server', 'table', 'assumed']) }).exactOptional(),
    before: size,
    after: size,
    shortened: count,
    dropped: count,
  }),
  z.object({
    ...inRun,
    type: z.literal('tool-called'),
    step: count,
    call: z.string(),
    tool: z.string(),
    phase: z.enum(['read', 'plan', 'edit', 'run', 'verify', 'repair']),
  }),
  z.object({ ...onBranch, type: z.literal('files-changed'), call: z.string(), changes, tree: treeHash }),
  z.object({
    ...onBranch,
    type: z.literal('command-finished'),
    putBack: z.literal(true).exactOptional(),
    call: z.string(),
    command: z.string(),
    exitCode: z.number().int(),
    ended: z.enum(['exited', 'timed-out', 'stopped']),
    output: z.string(),
    milliseconds: amount,
    tree: treeHash,
    changes,
  }),
  z.object({
    ...onBranch,
    type: z.literal('attempt-made'),
    attempt: z.string(),
    parent: z.string(),
    tree: treeHash,
    changes,
  }),
  z.object({ ...onBranch, type: z.literal('verdict-reached'), attempt: z.string(), verdict, spent }),
  z.object({
    ...inRun,
    type: z.literal('tool-finished'),
    step: count,
    call: z.string(),
    ok: z.boolean(),
    result: z.string(),
    milliseconds: amount,
  }),
  z.object({
    ...inCall,
    type: z.literal('question-asked'),
    question: z.string(),
    choices: z.array(z.string()).exactOptional(),
  }),
  z.object({ ...inCall, type: z.literal('question-answered'), answer: z.string().nullable() }),
  z.object({ ...inCall, type: z.literal('permission-asked'), action, what: z.string(), reasons: z.array(z.string()) }),
  z.object({
    ...inCall,
    type: z.literal('permission-decided'),
    action,
    what: z.string(),
    decision: z.enum(['allowed', 'denied']),
    by: z.enum(['rule', 'mode', 'person', 'default']),
    reason: z.string(),
  }),
  z.object({
    ...inCall,
    type: z.literal('risk-found'),
    findings: z.array(z.object({ path: z.string(), line: count, risk: z.string(), code: z.string() })),
  }),
  z.object({
    ...inCall,
    type: z.literal('changes-undone'),
    undone: z.array(z.object({ path: z.string(), reason: z.string() })),
    rebooted: z.literal(true).exactOptional(),
  }),
  z.object({ ...inCall, type: z.literal('injection-suspected'), suspicion: z.string(), excerpt: z.string() }),
  z.object({
    ...inRun,
    type: z.literal('secrets-masked'),
    files: z.array(z.object({ path: z.string(), content: z.string() })),
    exposed: z.boolean(),
  }),
  z.object({
    ...inRun,
    type: z.literal('check-finished'),
    attempt: z.string(),
    files: files.exactOptional(),
    tree: treeHash,
    check: z.enum(['hidden', 'lint', 'types']),
    command: z.string(),
    exitCode: z.number().int(),
    ended: z.enum(['exited', 'timed-out', 'stopped']),
    output: z.string(),
    milliseconds: amount,
    passed: z.boolean(),
    verdict: verdict.exactOptional(),
    problems: z.object({ count, added: z.array(z.string()) }).exactOptional(),
  }),
  z.object({
    ...inRun,
    type: z.literal('run-finished'),
    outcome: z.object({
      kind: z.enum(['solved', 'gave-up', 'stopped', 'limit-reached', 'failed']),
      explanation: z.string(),
    }),
    best: z.string(),
    spent,
  }),
  z.object({
    ...base,
    type: z.literal('head-moved'),
    attempt: z.string(),
    tree: treeHash,
    written: count,
    removed: count,
    milliseconds: amount,
  }),
]) satisfies z.ZodType<SessionEvent>;

const sessionFile = z.object({
  format: z.literal('fixpoint-session/1'),
  id: z.string().min(1),
  events: z.array(sessionEvent).min(1, 'is empty'),
}) satisfies z.ZodType<SessionFile>;

const DAMAGED = 'The file or link is damaged: ask for it again from where it came.';

function checkFormat(value: unknown): void {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  const version = typeof format === 'string' ? /^fixpoint-session\/(\d+)$/.exec(format)?.[1] : undefined;
  if (version === undefined) {
    throw new SessionFormatError(
      'This is not a Fixpoint session: its "format" does not say "fixpoint-session/1".',
      'Choose a file that Fixpoint exported.',
    );
  }
  if (Number(version) > 1) {
    throw new SessionFormatError(
      `This session was made with a newer Fixpoint (format ${version}; this one reads format 1).`,
      'Reload the page to get the newest Fixpoint, then open it again.',
    );
  }
}

function place(path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path.map(String);
  if (first === undefined) return 'the session';
  if (first !== 'events' || index === undefined) return path.map(String).join('.');
  return rest.length > 0 ? `event ${index}, "${rest.join('.')}"` : `event ${index}`;
}

/**
 * A checked session out of anything. Fields the format does not know are dropped.
 * Throws SessionFormatError, whose message is for the user.
 */
export function parseSessionFile(value: unknown): SessionFile {
  checkFormat(value);
  const result = sessionFile.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = place(issue?.path ?? []);
    throw new SessionFormatError(`This session cannot be read: ${where}: ${issue?.message}.`, DAMAGED);
  }
  const problem = findInconsistency(result.data.events);
  if (problem !== null) throw new SessionFormatError(`This session contradicts itself: ${problem}.`, DAMAGED);
  return result.data;
}

/** As `parseSessionFile`, from JSON text. */
export function parseSessionText(text: string): SessionFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const error = new SessionFormatError('This is not a Fixpoint session: it is not JSON.', DAMAGED);
    error.cause = cause;
    throw error;
  }
  return parseSessionFile(value);
}
