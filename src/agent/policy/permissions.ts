/** Stands before every change and every command of a run: judges it, asks the person where that is due, and logs what was decided. */
import { contentAt } from '../../session/content.ts';
import type { NewEvent } from '../../session/events.ts';
import type { FileChange, Files } from '../../session/files.ts';
import type { PermissionAction, RunId } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import { loadParser } from '../code/syntax.ts';
import type { Ask, AskedChange, Person } from '../person.ts';
import type { CommandRules, Stake } from './commands/command-rules.ts';
import { writesOf } from './commands/expand-line.ts';
import { judgeLine } from './commands/judge-line.ts';
import { placeOf } from './commands/places.ts';
import { readCommands } from './commands/read-commands.ts';
import { judgeChanges } from './judge-changes.ts';
import { type Mode, WITHOUT_PERSON } from './modes.ts';
import { PermissionDenied } from './permission-denied.ts';
import type { Policy } from './policy.ts';

/** Where something is to happen. */
export interface Scene {
  readonly files: Files;
  /** The project's folder in the sandbox, absolute. */
  readonly folder: string;
  /** Text of installed files that are there: for the licences of packages. */
  readonly read: (paths: readonly string[]) => Promise<Files>;
  /** Names of what is in a folder of installed code; none where there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Which paths may be changed there now. */
  readonly policy: Policy;
  /** A change that somebody was asked about already: it is refused for what its code does, and else not asked again. */
  readonly isGranted?: boolean;
}

/** Each rejects with PermissionDenied, whose message is for the model. What has been decided is in the log. */
export interface Permissions {
  /** Resolves with what the line was allowed to do beside the project's files. */
  command(call: string, line: string, scene: Scene): Promise<{ readonly installs: boolean }>;
  change(call: string, changes: readonly FileChange[], scene: Scene): Promise<void>;
  tests(call: string, line: string): Promise<void>;
  /** Whether the run may end as solved although tests fail. Resolves with whether somebody was asked. */
  finish(call: string, what: string, reasons: readonly string[]): Promise<boolean>;
  /** What the model should know of what this call did, each a sentence; told once. */
  takeNotes(call: string): readonly string[];
}

export interface PermissionsOptions {
  readonly run: RunId;
  readonly task: TaskDescription;
  readonly mode: Mode;
  /** For whom the clock of the run stands still. */
  readonly person: Person | null;
  /** Of the settings: those that the person said "always" to, too. */
  readonly rules: CommandRules;
  readonly startFiles: Files;
  readonly emit: (event: NewEvent) => void;
  readonly signal: AbortSignal;
}

interface Matter {
  readonly call: string;
  readonly action: PermissionAction;
  readonly what: string;
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly reasons: readonly { readonly stake: Stake; readonly text: string }[];
  readonly commands: readonly string[];
  readonly changes: readonly AskedChange[];
  readonly findings: Ask['findings'];
  readonly patterns: readonly string[];
}

const LONGEST_WHAT = 300;
const NO_PROGRAMS: ReadonlySet<string> = new Set();

export function createPermissions(options: PermissionsOptions): Permissions {
  const { run, task, mode, person, startFiles, emit } = options;
  const session: string[] = [];
  /** What commands wrote outside the project. */
  const written = new Map<string, string | null>();
  const notes = new Map<string, readonly string[]>();
  let asking: Promise<unknown> = Promise.resolve();
  const rules = (): readonly CommandRules[] => [task.commands ?? {}, options.rules, { allow: session }];

  const decided = (
    { call, action, what }: Matter,
    allowed: boolean,
    by: 'rule' | 'mode' | 'person' | 'default',
    reason: string,
  ) =>
    emit({ type: 'permission-decided', run, call, action, what, decision: allowed ? 'allowed' : 'denied', by, reason });
  const refuse = (matter: Matter, by: 'rule' | 'person' | 'default', reason: string): never => {
    decided(matter, false, by, reason);
    throw new PermissionDenied(`Not allowed: ${matter.what}\n${reason}`);
  };

  const settle = async (matter: Matter): Promise<void> => {
    const { decision, reasons } = matter;
    if (matter.findings.length > 0) emit({ type: 'risk-found', run, call: matter.call, findings: matter.findings });
    if (decision === 'deny') return refuse(matter, 'rule', reasons.map(({ text }) => text).join('\n'));
    if (person && (mode === 'confirm-each' || (mode === 'confirm-risky' && decision === 'ask'))) {
      // One question at a time, also when several candidates work at once.
      const turn = asking.then(() => ask(matter, person));
      asking = turn.catch(() => undefined);
      return turn;
    }
    if (decision === 'allow') return;
    const denied = reasons.find(({ stake }) => !WITHOUT_PERSON[stake].allowed);
    if (denied)
      return refuse(matter, 'default', `${denied.text} It was denied: ${WITHOUT_PERSON[denied.stake].reason}.`);
    const first = reasons[0];
    if (matter.action === 'finish') return decided(matter, true, 'default', WITHOUT_PERSON.finish.reason);
    if (first) decided(matter, true, 'default', `${first.text} It was allowed: ${WITHOUT_PERSON[first.stake].reason}.`);
  };

  const ask = async (matter: Matter, whom: Person): Promise<void> => {
    const { call, action, what, commands, changes, findings, patterns } = matter;
    const allowed = patterns.length > 0 && patterns.every((pattern) => session.includes(pattern));
    if (allowed) return decided(matter, true, 'person', 'It was allowed for this session before.');
    const reasons =
      matter.reasons.length > 0 ? matter.reasons.map(({ text }) => text) : ['Every step is to be confirmed.'];
    emit({ type: 'permission-asked', run, call, action, what, reasons });
    const answer = await whom.approve(
      { call, action, what, reasons, commands, changes, findings, patterns },
      options.signal,
    );
    options.signal.throwIfAborted();
    if (answer.decision === 'no')
      return refuse(matter, 'person', `The person said no: ${answer.reason.trim() || 'no reason was given.'}`);
    if (answer.decision !== 'once') session.push(...patterns);
    decided(matter, true, 'person', `Allowed ${answer.decision === 'session' ? 'for this session' : answer.decision}.`);
  };

  return {
    takeNotes: (call) => {
      const taken = notes.get(call) ?? [];
      notes.delete(call);
      return taken;
    },
    command: async (call, line, { files, folder, policy, list }) => {
      const parse = await loadParser();
      const programs = new Set(/npx|npm|yarn|pnpm/.test(line) ? await list('node_modules/.bin') : []);
      const context = { project: folder, files, startFiles, written, programs, policy, rules: rules(), parse };
      // The tests' command is the task's own.
      const isTests = line.trim() === task.test.trim();
      const judged = isTests
        ? { decision: 'allow' as const, judgements: [], commands: [line], findings: [] }
        : judgeLine(line, context);
      const worst = judged.judgements.filter(({ decision }) => decision === judged.decision);
      await settle({
        call,
        action: 'command',
        what: oneLine(line),
        decision: judged.decision,
        reasons: worst.map(({ stake, reason, command }) => ({ stake, text: `${reason} (${oneLine(command)})` })),
        commands: judged.commands,
        changes: [],
        findings: judged.findings.map(({ line: at, risk, code }) => ({ path: 'the command', line: at, risk, code })),
        patterns: [...new Set(worst.map(({ pattern }) => pattern))],
      });
      for (const command of readCommands(line, folder).commands)
        for (const [path, text] of writesOf(command)) {
          // In the project the files themselves tell, from the next command on.
          if ('outside' in placeOf(path, folder, folder)) written.set(path, text);
        }
      return { installs: judged.judgements.some(({ stake }) => stake === 'install') };
    },
    change: async (call, changes, scene) => {
      const parse = await loadParser();
      const { files, folder, policy } = scene;
      const context = {
        project: folder,
        files,
        startFiles,
        written,
        programs: NO_PROGRAMS,
        policy,
        rules: rules(),
        parse,
      };
      const judgeCommand = (line: string) =>
        judgeLine(line, context).judgements.find(({ decision }) => decision === 'deny')?.reason ?? null;
      const judged = await judgeChanges(changes, scene, { policy, judgeCommand });
      if (scene.isGranted && judged.decision !== 'deny') return;
      const asked = changes.map(({ path, content }) => ({
        path,
        before: contentAt(scene.files, path) ?? null,
        after: content,
      }));
      await settle({
        call,
        action: 'change',
        what: oneLine(`change ${changes.map(({ path }) => path).join(', ')}`),
        decision:
          judged.decision === 'deny' && person && mode !== 'hands-off' && judged.mayBeAsked ? 'ask' : judged.decision,
        reasons: judged.reasons,
        commands: [],
        changes: asked,
        findings: judged.findings,
        patterns: [],
      });
      if (judged.notes.length > 0) notes.set(call, [...(notes.get(call) ?? []), ...judged.notes]);
    },
    finish: async (call, what, reasons) => {
      await settle({
        call,
        action: 'finish',
        what,
        decision: 'ask',
        reasons: reasons.map((text) => ({ stake: 'finish', text })),
        commands: [],
        changes: [],
        findings: [],
        patterns: [],
      });
      return person !== null && mode !== 'hands-off';
    },
    tests: async (call, line) => {
      if (mode !== 'confirm-each') return;
      const what = oneLine(line);
      await settle({
        call,
        action: 'tests',
        what,
        decision: 'allow',
        reasons: [],
        commands: [line],
        changes: [],
        findings: [],
        patterns: [`tests: ${what}`],
      });
    },
  };
}

function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ⏎ ');
  return line.length <= LONGEST_WHAT ? line : `${line.slice(0, LONGEST_WHAT - 1)}…`;
}
