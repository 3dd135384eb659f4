/** What a person was asked, and what the policy saw and did, in the course of a call. */
import type { PermissionAction, RiskFinding, RunId } from './values.ts';

export type PolicyEvent =
  | {
      readonly type: 'question-asked';
      readonly run: RunId;
      readonly call: string;
      readonly question: string;
      /** Answers to choose from, where the agent gave some. */
      readonly choices?: readonly string[];
    }
  | {
      readonly type: 'question-answered';
      readonly run: RunId;
      readonly call: string;
      /** null: nobody was there to answer. */
      readonly answer: string | null;
    }
  | {
      readonly type: 'permission-asked';
      readonly run: RunId;
      readonly call: string;
      readonly action: PermissionAction;
      /** In one line: "npm install left-pad", "change src/a.js". */
      readonly what: string;
      readonly reasons: readonly string[];
    }
  | {
      /** The answer to an ask, or a refusal without one. What the rules allow is not told: it is seen in what it did. */
      readonly type: 'permission-decided';
      readonly run: RunId;
      readonly call: string;
      readonly action: PermissionAction;
      readonly what: string;
      readonly decision: 'allowed' | 'denied';
      readonly by: 'rule' | 'mode' | 'person' | 'reviewer' | 'default';
      readonly reason: string;
    }
  | {
      readonly type: 'risk-found';
      readonly run: RunId;
      readonly call: string;
      readonly findings: readonly RiskFinding[];
    }
  | {
      /** What a command did against the policy, and was put back. */
      readonly type: 'changes-undone';
      readonly run: RunId;
      readonly call: string;
      readonly undone: readonly { readonly path: string; readonly reason: string }[];
      /** It was done while the tests ran: all processes were ended, and the tests run again. */
      readonly rebooted?: true;
    }
  | {
      /** A text that was read speaks to the agent as if it gave it orders. */
      readonly type: 'injection-suspected';
      readonly run: RunId;
      readonly call: string;
      /** "asks for secrets" … */
      readonly suspicion: string;
      readonly excerpt: string;
    }
  | {
      /** While the run lasts, the sandbox holds these in place of the real `.env*` files. */
      readonly type: 'secrets-masked';
      readonly run: RunId;
      readonly files: readonly { readonly path: string; readonly content: string }[];
      /** The task needs the real ones (`secrets` in task.json): they stayed; a replay uses these. */
      readonly exposed: boolean;
    };
