import type { Message } from '../model/model.ts';
import type { TaskDescription } from '../task/task.ts';
import { describeTask, LOOP_SYSTEM } from './prompts/loop.ts';
import { TOOLS } from './tools/index.ts';
import type { Tool } from './tools/tool.ts';

export type StrategyName = 'loop';

/** How a run begins and what the model may use. */
export interface Strategy {
  readonly name: StrategyName;
  readonly tools: readonly Tool[];
  opening(task: TaskDescription, paths: readonly string[]): Message[];
}

export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  loop: {
    name: 'loop',
    tools: TOOLS,
    opening: (task, paths) => [
      { role: 'system', content: LOOP_SYSTEM },
      { role: 'user', content: describeTask(task, paths) },
    ],
  },
};
