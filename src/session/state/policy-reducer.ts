/** What a call asked of a person, and what the policy said of it. */
import { assertNever } from '../assert-never.ts';
import type { PolicyEvent } from '../policy-events.ts';
import type { CallState, PermissionState } from './session-state.ts';

/** What the files with secrets were is no call's. */
type CallEvent = Exclude<PolicyEvent, { type: 'secrets-masked' }>;

export function reducePolicy(call: CallState, event: CallEvent): CallState {
  switch (event.type) {
    case 'question-asked':
      return { ...call, question: { text: event.question, choices: event.choices ?? [] } };
    case 'question-answered':
      return call.question ? { ...call, question: { ...call.question, answer: event.answer } } : call;
    case 'permission-asked':
      return withPermissions(call, (all) => [...all, { what: event.what, reasons: event.reasons, decision: null }]);
    case 'permission-decided': {
      const decision = { allowed: event.decision === 'allowed', by: event.by, reason: event.reason };
      return withPermissions(call, (all) => {
        const open = all.findLastIndex((each) => each.decision === null && each.what === event.what);
        const asked = all[open];
        return asked ? all.with(open, { ...asked, decision }) : [...all, { what: event.what, reasons: [], decision }];
      });
    }
    case 'risk-found':
      return warn(
        call,
        event.findings.map(({ path, line, risk }) => `${path}:${line} ${risk}`),
      );
    case 'changes-undone':
      return warn(
        call,
        event.undone.map(({ path, reason }) => `${path} was put back: ${reason}`),
      );
    case 'injection-suspected':
      return warn(call, [`What was read ${event.suspicion}: "${event.excerpt}"`]);
    default:
      return assertNever(event);
  }
}

function withPermissions(
  call: CallState,
  update: (all: readonly PermissionState[]) => readonly PermissionState[],
): CallState {
  return { ...call, permissions: update(call.permissions ?? []) };
}

function warn(call: CallState, warnings: readonly string[]): CallState {
  return { ...call, warnings: [...(call.warnings ?? []), ...warnings] };
}
