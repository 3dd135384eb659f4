/** What the policy said of one call. */
import { assertNever } from '../assert-never.ts';
import type { CallState, PermissionState, SessionEvent } from '../events.ts';

type PolicyEvent = Extract<
  SessionEvent,
  { type: 'permission-asked' | 'permission-decided' | 'risk-found' | 'changes-undone' | 'injection-suspected' }
>;

export function reducePolicy(call: CallState, event: PolicyEvent): CallState {
  switch (event.type) {
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
