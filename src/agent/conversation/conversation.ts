import type { Message, Model } from '../../model/model.ts';
import type { AgentRun } from '../agent-run.ts';
import { type ContextKeeper, createContextKeeper } from '../context/context-keeper.ts';
import { NUDGE } from '../prompts/loop.ts';
import type { Acceptance, Tool } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { createProgress, type Progress } from './progress.ts';

/** A model with tools, on one working copy. */
export interface Conversation {
  /** Who speaks: "agent", "planner", "executor", "reviewer", "candidate-2". */
  readonly role: string;
  /** The working copy that it works on; absent for the run's own. */
  readonly branch?: string;
  readonly model: Model;
  readonly workspace: Workspace;
  readonly tools: readonly Tool[];
  readonly acceptance: Acceptance;
  readonly progress: Progress;
  /** Keeps the messages under the model's window. */
  readonly context: ContextKeeper;
  /** Grows as the conversation goes on, and shrinks when it no longer fits. */
  readonly messages: Message[];
  /** Said when a reply calls no tool. */
  readonly nudge: string;
}

/** What a conversation must be given; the rest is the run's. */
export type ConversationOptions = Pick<Conversation, 'role' | 'tools' | 'messages'> & Partial<Conversation>;

export function openConversation(run: AgentRun, options: ConversationOptions): Conversation {
  const { acceptance, workspace, patience } = run;
  const { role, branch } = options;
  const ofRole = run.modelFor(role);
  const model = ofRole.forConversation?.(role, branch) ?? ofRole;
  return {
    model,
    workspace,
    acceptance,
    progress: createProgress(patience, workspace.attempts.base.stale),
    context: createContextKeeper(),
    nudge: NUDGE,
    ...options,
  };
}
