/** Calls tools as a run does, in a folder of this machine. */
import type { SessionEvent } from '../../session/events.ts';
import type { Files } from '../../session/files.ts';
import { createLog } from '../../session/log.ts';
import { foldEvents } from '../../session/state/reducer.ts';
import { hashTree } from '../../session/tree.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { createSpending } from '../limits/spending.ts';
import { NativeSandbox } from '../native-sandbox.test-support.ts';
import type { Person } from '../person.ts';
import { Workspace } from '../workspace/workspace.ts';
import { TOOLS } from './index.ts';
import type { ToolResult } from './tool.ts';

export interface ToolBench {
  readonly sandbox: NativeSandbox;
  readonly workspace: Workspace;
  readonly events: readonly SessionEvent[];
  call(tool: string, args: unknown): Promise<ToolResult>;
  /** What the model reads. */
  text(tool: string, args: unknown): Promise<string>;
}

export async function openBench(files: Files, setup: { test?: string; person?: Person } = {}): Promise<ToolBench> {
  const sandbox = await NativeSandbox.create(files);
  const log = createLog({ now: () => 0 });
  const task = {
    name: 'bench',
    title: '',
    goal: '',
    test: setup.test ?? 'npm test',
    level: 'easy',
    editable: [],
    protected: [],
    hints: [],
  } as const;
  log.append({ type: 'session-started', task, files, tree: hashTree(files), attempt: '0' });
  const { signal } = new AbortController();
  const emit = (event: Parameters<typeof log.append>[0]) => void log.append(event);
  const state = foldEvents('s', log.events);
  const workspace = new Workspace({
    run: 'run-1',
    task,
    state,
    sandbox,
    spending: createSpending(),
    signal,
    emit,
    onOutput: undefined,
    limits: DEFAULT_LIMITS,
  });
  let calls = 0;
  const call = (name: string, args: unknown) => {
    const tool = TOOLS.find(({ description }) => description.name === name);
    if (!tool) throw new Error(`There is no tool ${name}`);
    calls += 1;
    const acceptance = { judge: () => Promise.reject(new Error('not here')), suffices: () => false };
    const context = { run: 'run-1', step: 1, call: `call-${calls}`, workspace, acceptance, signal, emit };
    return tool.call(JSON.stringify(args), { ...context, ...(setup.person ? { person: setup.person } : {}) });
  };
  return { sandbox, workspace, events: log.events, call, text: async (name, args) => (await call(name, args)).result };
}
