/** What a line of sh may do: every step of it is judged, the strictest decides. */
import picomatch from 'picomatch';
import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import type { ParseCode } from '../../code/syntax.ts';
import type { CodeFinding } from '../code/code-finding.ts';
import { findNew, scanCode } from '../code/scan-code.ts';
import { isGitPath, isSecretPath } from '../paths.ts';
import type { Policy } from '../policy.ts';
import { type Touched, touchedBy } from './command-paths.ts';
import {
  builtInRuleFor,
  type CommandRules,
  type Decision,
  type RuleHit,
  ruleFor,
  type Stake,
} from './command-rules.ts';
import type { CommandStep, StepContext } from './command-steps.ts';
import { expandLine } from './expand-line.ts';
import { npmSpellings } from './npm-spellings.ts';
import { placeOf } from './places.ts';
import { staysHere } from './stays-here.ts';
import { type Argument, knownValue } from './words.ts';

export interface LineContext extends StepContext {
  readonly policy: Policy;
  readonly rules: readonly CommandRules[];
  readonly parse: ParseCode;
  /** The files as the session started: code that was there is not judged. */
  readonly startFiles: Files;
}

export interface StepJudgement {
  readonly decision: Decision;
  readonly stake: Stake;
  readonly reason: string;
  /** As it was parsed, with what it hides in: "rm -rf dist (in npm run build)". */
  readonly command: string;
  /** For rules: the command alone. */
  readonly pattern: string;
}

export interface LineJudgement {
  readonly decision: Decision;
  /** The strictest first; without those that are simply allowed. */
  readonly judgements: readonly StepJudgement[];
  /** Every command that would run. */
  readonly commands: readonly string[];
  readonly findings: readonly CodeFinding[];
}

const SECRET_NAMES = [
  '.env',
  '.env.local',
  '.env.test',
  '.env.production',
  '.env.development',
  '.npmrc',
  '.netrc',
  'id_rsa',
];
const SCRATCH = /^\/(?:tmp|var\/tmp|dev\/(?:null|stdout|stderr|stdin|tty|fd\/\d+))(?:\/|$)/;
const LEADING_VALUE =
  /^(?:-C|-c|--git-dir|--work-tree|--namespace|--prefix|-w|--workspace|--loglevel|--script-shell|--userconfig|--cwd|--dir)$/;
const READABLE =
  /^\/(?:etc\/(?:os-release|hostname|hosts|timezone|localtime|mime\.types)|proc\/(?:cpuinfo|meminfo|version|loadavg|uptime|stat|sys)|var\/tmp)(?:\/|$)/;
const MANY_FILES = 5;
const RANK: Readonly<Record<Decision, number>> = { deny: 0, ask: 1, allow: 2 };

export function judgeLine(line: string, context: LineContext): LineJudgement {
  const findings: CodeFinding[] = [];
  const commands: string[] = [];
  const all: StepJudgement[] = [];
  const judge = (steps: readonly CommandStep[], depth: number): void => {
    for (const step of steps) {
      const command = describeStep(step);
      if (command !== '') commands.push(command);
      const hits = judgeStep(step, context, (found) => {
        findings.push(...found);
        const started = found.flatMap(({ command: text }) => (text === undefined ? [] : [text]));
        if (depth < 3) for (const each of started) judge(expandLine(each, context), depth + 1);
      });
      all.push(
        ...hits.map((hit) => ({ ...hit, command, pattern: step.kind === 'command' ? canonical(step.words) : command })),
      );
    }
  };
  judge(expandLine(line, context), 0);
  const judgements = all
    .filter(({ decision }) => decision !== 'allow')
    .sort((one, other) => RANK[one.decision] - RANK[other.decision]);
  return { decision: judgements[0]?.decision ?? 'allow', judgements, commands, findings };
}

function judgeStep(
  step: CommandStep,
  context: LineContext,
  report: (found: readonly CodeFinding[]) => void,
): readonly RuleHit[] {
  switch (step.kind) {
    case 'unclear': {
      const rule = firstRule([step.what], context.rules);
      return [
        rule ?? {
          decision: 'ask',
          stake: 'unclear',
          reason: `It cannot be told what this does: ${step.why}. Write it so that it can be read.`,
        },
      ];
    }
    case 'code':
      return judgeCode(step, context, report);
    case 'command':
      return judgeCommand(step, context);
  }
}

function judgeCommand(step: Extract<CommandStep, { kind: 'command' }>, context: LineContext): readonly RuleHit[] {
  const hits = touchedBy(step).flatMap((touched) => judgeTouched(touched, step.folder, context));
  const refused = hits.filter(({ decision }) => decision === 'deny');
  if (refused.length > 0) return refused;
  if (step.words.length === 0) return hits;
  const name = knownValue(step.words[0]) ?? '';
  const plain = canonical(withoutLeadingOptions(name, step.words));
  const rule = firstRule([canonical(step.words), plain, ...npmSpellings(step.words)], context.rules);
  // Who wrote a rule for it knows what it touches.
  if (rule) return [rule];
  const builtIn = builtInRuleFor(plain, name);
  return [...hits, ...(builtIn.stake === 'network' && staysHere(step.words) ? [] : [builtIn])];
}

/** What a rule says of a command in any of its spellings: what one of them denies is denied. */
function firstRule(spellings: readonly string[], rules: readonly CommandRules[]): RuleHit | null {
  const hits = spellings.flatMap((command) =>
    rules.map((each) => ruleFor(command, each)).filter((hit) => hit !== null),
  );
  return hits.find(({ decision }) => decision === 'deny') ?? hits[0] ?? null;
}

function judgeTouched({ how, target }: Touched, folder: string | null, context: LineContext): readonly RuleHit[] {
  const { values, glob, text } = target;
  const deny = (reason: string): RuleHit => ({ decision: 'deny', stake: 'program', reason });
  if (how !== 'links' && /^["']?\/dev\/(?:tcp|udp)\//.test(text))
    return [{ decision: 'ask', stake: 'network', reason: `"${text}" is a connection to another machine.` }];
  if (how === 'reads') {
    // Of a path that is known only when it runs the end may tell.
    if (values === null && text.includes('/') && namesSecret(text.replace(/["'\\]/g, ''), false))
      return [deny(`"${text}" holds secrets or belongs to git: it is out of reach.`)];
    if ((values ?? []).some((value) => namesSecret(value, glob)))
      return [deny(`"${text}" holds secrets or belongs to git: it is out of reach.`)];
    const outside = (values ?? []).find((value) => isForeign(value, folder, context.project));
    return outside === undefined ? [] : [deny(`"${text}" lies outside the project: what is there is not read.`)];
  }
  const absolute = values?.every((value) => /^[/~]/.test(value)) ?? false;
  if (values === null || (folder === null && !absolute)) {
    if (how === 'links') return [];
    return [
      {
        decision: 'ask',
        stake: how === 'removes' ? 'delete' : 'program',
        reason: `Which file it ${how} ("${text}") is known only when it runs.`,
      },
    ];
  }
  return values.flatMap((value) => judgeTarget(value, { how, glob, folder: folder ?? '/', context }));
}

/** Where people and the system keep what is theirs. The system's programs, what it says of itself and /tmp may be looked at. */
function isForeign(value: string, folder: string | null, project: string): boolean {
  if (!/^(?:[/~]|\.\.?\/|.*\/\.\.(?:\/|$)|\.\.$)/.test(value) || /^\/\//.test(value)) return false;
  if (folder === null && !/^[/~]/.test(value)) return false;
  const place = placeOf(value, folder ?? '/', project);
  if (!('outside' in place)) return false;
  if (/^~(?:\/|$)/.test(place.outside))
    return place.outside !== '~' && !`/home${place.outside.slice(1)}`.startsWith(project);
  return (
    /^\/(?:etc|root|home|var|proc|sys|mnt|opt|srv|boot|run)\/./.test(place.outside) && !READABLE.test(place.outside)
  );
}

function namesSecret(value: string, glob: boolean): boolean {
  const name = value.replace(/\/+$/, '').split('/').at(-1) ?? '';
  if (glob) {
    const matches = picomatch(name.replaceAll('[!', '[^'), { nocase: true });
    return SECRET_NAMES.some((each) => matches(each)) && (value.includes('.') || /[[{(]/.test(name));
  }
  return isSecretPath(value) || (isGitPath(value) && /(?:^|\/)\.git\//.test(value));
}

function judgeTarget(
  value: string,
  at: { how: Touched['how']; glob: boolean; folder: string; context: LineContext },
): readonly RuleHit[] {
  const { how, glob, folder, context } = at;
  const { policy, files, project } = context;
  const deny = (reason: string): RuleHit[] => [{ decision: 'deny', stake: 'delete', reason }];
  const place = placeOf(value, folder, project);
  if ('outside' in place) {
    if (SCRATCH.test(place.outside)) return [];
    return deny(
      `"${value}" lies outside the project: nothing there may be changed (but files of your own may go to /tmp).`,
    );
  }
  if (how === 'links') {
    const refusal = policy.refuseWrite(place.inside);
    return refusal === null || place.inside === '' ? [] : deny(refusal);
  }
  const paths = glob ? globbed(place.inside, files) : [place.inside];
  if (how === 'removes' && !glob && place.inside === '') return deny('The project itself may not be removed.');
  if (how === 'writes' && place.inside === '') return [];
  const below = paths.flatMap((path) =>
    how === 'removes' ? Object.keys(files).filter((each) => each.startsWith(`${path}/`)) : [],
  );
  for (const path of [...paths, ...below]) {
    const refusal = refusalOf(path, how, context);
    if (refusal !== null) return deny(refusal);
  }
  const removed = new Set([...paths.filter((path) => contentAt(files, path) !== undefined), ...below]);
  if (how === 'removes' && removed.size >= MANY_FILES)
    return [{ decision: 'ask', stake: 'delete', reason: `It removes ${removed.size} files.` }];
  return policy.refuseWrite(place.inside) === null || glob ? [] : deny(policy.refuseWrite(place.inside) ?? '');
}

function refusalOf(path: string, how: Touched['how'], { policy, files }: LineContext): string | null {
  const before = contentAt(files, path) ?? null;
  return how === 'removes' && before !== null
    ? policy.refuseChange({ path, content: null }, before)
    : policy.refuseWrite(path);
}

/** Files and folders of the project that a pattern names; names that begin with a dot only where the pattern says so. */
function globbed(pattern: string, files: Files): readonly string[] {
  const matches = picomatch(pattern, { dot: /(^|\/)\./.test(pattern) });
  const folders = Object.keys(files).flatMap((path) =>
    path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')),
  );
  return [...new Set([...folders, ...SECRET_NAMES, 'node_modules'])].filter((path) => matches(path));
}

function judgeCode(
  step: Extract<CommandStep, { kind: 'code' }>,
  context: LineContext,
  report: (found: readonly CodeFinding[]) => void,
): readonly RuleHit[] {
  const { code, name } = step;
  const before = contentAt(context.startFiles, name);
  if (before === contentAt(context.files, name) && before !== undefined) return [];
  const isFile = /\.[cm]?[jt]sx?$/.test(name);
  const options = { path: isFile ? name : '', refuseWrite: (path: string) => refuseWriteOf(path, context) };
  const old = typeof before === 'string' ? scanCode(before, context.parse, options) : [];
  const findings = findNew(scanCode(code, context.parse, options), old);
  report(findings);
  return findings.flatMap((finding) => hitOf(finding, isFile));
}

/** Only what is in the project is protected: a program may write where it likes in /tmp. */
function refuseWriteOf(path: string, { policy, project }: LineContext): string | null {
  const place = placeOf(path, project, project);
  return 'inside' in place && place.inside !== '' ? policy.refuseWrite(place.inside) : null;
}

function hitOf({ kind, risk, code, command }: CodeFinding, isFile: boolean): readonly RuleHit[] {
  const reason = `Its code ${risk}: ${code}`;
  switch (kind) {
    case 'tamper':
      // A program of its own judges nothing.
      return isFile ? [{ decision: 'deny', stake: 'code', reason }] : [];
    case 'secret':
    case 'protected':
      return [{ decision: 'deny', stake: 'code', reason }];
    case 'network':
      return [{ decision: 'ask', stake: 'network', reason }];
    case 'program':
      if (command !== undefined) return [];
      return [
        {
          decision: 'ask',
          stake: isFile ? 'code' : 'unclear',
          reason: `${reason}. Which one is known only when it runs.`,
        },
      ];
    case 'evaluates':
      return [{ decision: 'ask', stake: isFile ? 'code' : 'unclear', reason }];
    case 'exit':
    case 'note':
      return [];
  }
}

/** "git -C x push" is a push, "npm --silent publish" publishes. */
function withoutLeadingOptions(name: string, words: readonly Argument[]): readonly Argument[] {
  const [program, ...args] = words;
  if (!program || !/^(?:git|npm|yarn|pnpm|bun)$/.test(name)) return words;
  let at = 0;
  while (/^-/.test(args[at]?.text ?? '') && !/^(?:--version|-v|--help|-h)$/.test(args[at]?.text ?? ''))
    at += LEADING_VALUE.test(args[at]?.text ?? '') ? 2 : 1;
  return [program, ...args.slice(at)];
}

/** One spelling for all ways to quote a command. */
function canonical(words: readonly Argument[]): string {
  return words
    .map((word) => {
      const value = knownValue(word) ?? word.text;
      return value === '' || /\s/.test(value) ? JSON.stringify(value) : value;
    })
    .join(' ');
}

function describeStep(step: CommandStep): string {
  const within = step.via.length > 0 ? ` (in ${step.via.join(', ')})` : '';
  switch (step.kind) {
    case 'command': {
      const redirects = step.redirects.map(({ operator, target }) => `${operator} ${target.text}`);
      const text = [canonical(step.words), ...redirects].filter((part) => part !== '').join(' ');
      return text === '' ? '' : text + within;
    }
    case 'code':
      return `${step.name}${within}`;
    case 'unclear':
      return step.what + within;
  }
}
