/** What an edit may do: by its paths, by the calls that it adds, by the packages that it wants. */
import picomatch from 'picomatch';
import { contentAt } from '../../session/content.ts';
import type { FileChange, Files } from '../../session/files.ts';
import type { RiskFinding } from '../../session/values.ts';
import { loadParser } from '../code/syntax.ts';
import type { CodeRisk } from './code/code-finding.ts';
import { findNew, scanCode } from './code/scan-code.ts';
import type { Stake } from './commands/command-rules.ts';
import { describeLicences } from './licences.ts';
import { canonicalPath } from './paths.ts';
import type { Policy } from './policy.ts';
import { addedPackages, isPackageFile } from './project-file.ts';
import { DEFAULT_PROTECTED, LOCK_FILES } from './protected.ts';

export interface ChangeJudgement {
  readonly decision: 'allow' | 'ask' | 'deny';
  /** It was denied for what its code says, which a person may see otherwise. */
  readonly mayBeAsked: boolean;
  readonly reasons: readonly { readonly stake: Stake; readonly text: string }[];
  readonly findings: readonly RiskFinding[];
  /** What the model should know. */
  readonly notes: readonly string[];
}

export interface ChangeRules {
  readonly policy: Policy;
  /** Why a line of sh that new code starts is forbidden; null when it is not. */
  readonly judgeCommand: (line: string) => string | null;
}

interface Scene {
  readonly files: Files;
  readonly read: (paths: readonly string[]) => Promise<Files>;
}

const CODE = /\.[cm]?[jt]sx?$/i;
const DENIED: ReadonlySet<CodeRisk> = new Set<CodeRisk>(['tamper', 'secret', 'protected']);
const isTest = picomatch([...DEFAULT_PROTECTED], { dot: true, nocase: true });
const isLockFile = picomatch([...LOCK_FILES], { dot: true, nocase: true });

export async function judgeChanges(
  changes: readonly FileChange[],
  { files, read }: Scene,
  { policy, judgeCommand }: ChangeRules,
): Promise<ChangeJudgement> {
  const before = (path: string) => contentAt(files, path) ?? null;
  const refused = changes
    .map((change) => policy.refuseChange(change, before(change.path)))
    .find((each) => each !== null);
  if (refused !== undefined)
    return {
      decision: 'deny',
      mayBeAsked: false,
      reasons: [{ stake: 'program', text: refused }],
      findings: [],
      notes: [],
    };
  const scanned = await scanChanges(changes, files, { policy, judgeCommand });
  const findings = scanned.map(({ path, line, risk, code }) => ({ path, line, risk, code }));
  const describe = ({ path, line, risk, code }: RiskFinding) => `${path}:${line} ${risk}: ${code}`;
  const tampering = scanned.filter(({ kind }) => DENIED.has(kind));
  if (tampering.length > 0)
    return {
      decision: 'deny',
      mayBeAsked: true,
      reasons: tampering.map((each) => ({
        stake: 'code',
        text: `${describe(each)} — repair the code itself instead.`,
      })),
      findings,
      notes: [],
    };
  const packages = await judgePackages(changes, before, read);
  const locked = changes.filter(({ path }) => isLockFile(canonicalPath(path)));
  const reasons = [
    ...packages,
    ...locked.map(({ path }) => ({
      stake: 'install' as const,
      text: `${path} says which packages are installed: npm writes it.`,
    })),
    ...scanned.map((each) => ({ stake: 'code' as const, text: describe(each) })),
  ];
  return {
    decision: reasons.length > 0 ? 'ask' : 'allow',
    mayBeAsked: true,
    reasons,
    findings,
    notes: findings.map((each) => `Noted as a risk: ${describe(each)}`),
  };
}

type Scanned = RiskFinding & { readonly kind: CodeRisk };

async function scanChanges(
  changes: readonly FileChange[],
  files: Files,
  { policy, judgeCommand }: ChangeRules,
): Promise<readonly Scanned[]> {
  const code = changes.filter(({ path, content }) => CODE.test(path) && typeof content === 'string');
  if (code.length === 0) return [];
  const parse = await loadParser();
  return code.flatMap(({ path, content }) => {
    const options = { path, refuseWrite: (target: string) => (target === '' ? null : policy.refuseWrite(target)) };
    const was = contentAt(files, path);
    const old = typeof was === 'string' ? scanCode(was, parse, options) : [];
    const found = findNew(scanCode(String(content), parse, options), old);
    // Tests that may be written replace and patch things: that is their work.
    const kept = isTest(canonicalPath(path))
      ? found.filter(({ kind }) => kind === 'secret' || kind === 'network')
      : found;
    return kept.map(({ line, kind, risk, code: text, command }): Scanned => {
      const refusal = command === undefined ? null : judgeCommand(command);
      return refusal === null
        ? { path, line, kind, risk, code: text }
        : { path, line, kind: 'protected', risk: `${risk}, which is forbidden (${refusal})`, code: text };
    });
  });
}

async function judgePackages(
  changes: readonly FileChange[],
  before: (path: string) => FileChange['content'],
  read: Scene['read'],
): Promise<readonly { readonly stake: Stake; readonly text: string }[]> {
  const added = changes
    .filter(({ path }) => isPackageFile(path))
    .flatMap(({ path, content }) => addedPackages(before(path), content));
  if (added.length === 0) return [];
  const licences = await describeLicences(
    added.map(({ name }) => name),
    read,
  );
  return licences.map(({ text, allowed }) => ({
    stake: allowed ? 'program' : 'install',
    text: `A package is added: ${text}`,
  }));
}
