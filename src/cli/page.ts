/** The page of the command line: does the work of a command in the browser; see `page-api.ts`. */
import { runAgentRequest } from './page/agent.ts';
import { runReplay } from './page/replay.ts';
import { runBatch, runOne } from './page/sandbox.ts';

window.fixpoint = { sandbox: runOne, batch: runBatch, agent: runAgentRequest, replay: runReplay };
