/** What the command line and its page (`command.html`) say to each other. */
import type { CodeCheck } from '../agent/checks/check-command.ts';
import type { Mode } from '../agent/policy/modes.ts';
import type { ToolMode } from '../model/tool-modes.ts';
import type { SessionEvent } from '../session/events.ts';
import type { Proof } from '../session/state/proof.ts';
import type { Scorecard } from '../session/state/scorecard.ts';
import type { LeftFailing, Limits, OutcomeKind, Spent } from '../session/values.ts';

/** A folder to mount: where its pack is served, and the absolute path in the sandbox. `null` is the project's folder. */
export interface Mount {
  readonly url: string;
  readonly path: string | null;
}

export interface SandboxRequest {
  readonly mounts: readonly Mount[];
  readonly command: readonly string[];
  /** Relative to the project's folder, or absolute. */
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** stderr apart from stdout; otherwise both come as fd 1, in their order. */
  readonly split: boolean;
}

export interface CommandEnd {
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly milliseconds: number;
}

export interface BatchItem {
  readonly id: string;
  /** The pack of its folder, if it has one. */
  readonly pack: string | null;
  readonly files: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface BatchRequest {
  readonly mounts: readonly Mount[];
  readonly items: readonly BatchItem[];
  readonly concurrency: number;
  /** Milliseconds of rest before each item. */
  readonly pause?: number;
  /** Milliseconds of rest before the first. */
  readonly rest?: number;
}

export interface BatchResult {
  readonly id: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  readonly timedOut: boolean;
}

export type ModelRequest =
  | { readonly kind: 'solver' }
  /** Somebody at the command's terminal. */
  | { readonly kind: 'person' }
  /** `recording` is the text of a session file. */
  | { readonly kind: 'replay'; readonly recording: string }
  | OpenAIRequest;

export interface OpenAIRequest {
  readonly kind: 'openai';
  readonly name: string;
  /** The relay's address for the host. */
  readonly baseUrl: string;
  readonly hostUrl: string;
  readonly apiKey: string;
  readonly tools: ToolMode;
  /** Tokens; null: what is known of the model. */
  readonly contextWindow: number | null;
  /** Seconds; what is absent has its default. */
  readonly timeouts: { readonly firstToken?: number; readonly silence?: number };
  /** Seconds for which a server that fails is asked again; null: the default. */
  readonly patience: number | null;
}

export interface AgentRequest {
  /** A gallery task's name, or the pack of a folder. */
  readonly task: { readonly name: string } | { readonly pack: string; readonly name: string };
  readonly goal: string | null;
  readonly model: ModelRequest;
  /** Models for single roles. */
  readonly models: Readonly<Partial<Record<'planner' | 'executor' | 'reviewer', ModelRequest>>>;
  readonly strategy: string;
  readonly mode: Mode;
  /** null: the default number. */
  readonly candidates: number | null;
  readonly limits: Partial<Limits>;
  /** Beside the tests; held-out tests are the task's own. */
  readonly checks: {
    readonly run: readonly CodeCheck[];
    readonly require: readonly CodeCheck[];
    /** Also those tests that failed before. */
    readonly allTests: boolean;
  };
  /** Names of tests; they take the place of the task's own lists where there are some. */
  readonly target: readonly string[];
  readonly known: readonly string[];
}

export interface AgentEnd {
  /** Text of the session file. */
  readonly session: string;
  /** Its share link's fragment. */
  readonly link: string;
  readonly outcome: OutcomeKind;
  readonly explanation: string;
  /** Tests that fail although it is solved; null: none. */
  readonly left: LeftFailing | null;
  /** What it rests on, where it is solved. */
  readonly proof: Proof | null;
  /** The attempt that the run ends with: the accepted one, or the best. */
  readonly best: string;
  /** Of every attempt, in their order. */
  readonly scorecards: readonly Scorecard[];
  readonly spent: Spent;
  /** Whether the attempt passes the held-out tests; null when there are none, or they were not run. */
  readonly hidden: boolean | null;
  /** The accepted attempt's changes against the start, as far as the task lets files change: path -> content (base64), null removes. */
  readonly changes: readonly { readonly path: string; readonly base64: string | null }[];
}

export interface ReplayRequest {
  /** The text of a session file, or a link's fragment ("#…"). */
  readonly source: string;
  /** The pack of the project's folder, for its installed code; null: what was kept of it. */
  readonly project: string | null;
}

export interface ReplayEnd {
  readonly agrees: boolean;
  readonly lines: readonly string[];
}

/** `window.fixpoint` of the page. Each rejects with a message for the user. */
export interface CommandPage {
  sandbox(request: SandboxRequest): Promise<CommandEnd>;
  batch(request: BatchRequest): Promise<void>;
  /** When `stop` is aborted the run ends as stopped. */
  agent(request: AgentRequest, stop?: AbortSignal): Promise<AgentEnd>;
  replay(request: ReplayRequest): Promise<ReplayEnd>;
}

/** What the page tells while it works, through the binding `window.fixpointEmit`. */
export type PageMessage =
  | { readonly type: 'output'; readonly fd: 1 | 2; readonly base64: string }
  | { readonly type: 'result'; readonly result: BatchResult }
  | { readonly type: 'progress'; readonly text: string }
  /** What a run's log has just got; `session` is the session's id. */
  | { readonly type: 'logged'; readonly session: string; readonly event: SessionEvent };
