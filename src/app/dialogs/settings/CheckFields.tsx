import { CODE_CHECKS, type CodeCheck } from '../../../agent/checks/check-command.ts';
import { CHECK_USES, type CheckUse } from '../../settings.ts';
import type { FieldsProps } from './fields.ts';

const LABELS: Readonly<Record<CodeCheck, string>> = { lint: 'Lint', types: 'Types' };
const USES: Readonly<Record<CheckUse, string>> = {
  off: 'not checked',
  show: 'checked at the end, as information',
  require: 'must not get worse',
};

/** What a run is checked with beside its tests. */
export function CheckFields({ draft, change }: FieldsProps) {
  return (
    <fieldset>
      <legend>Checks beside the tests</legend>
      {CODE_CHECKS.map((check) => (
        <label key={check}>
          {LABELS[check]}
          <select
            value={draft.checks[check]}
            onChange={({ target }) => {
              const use = CHECK_USES.find((each) => each === target.value) ?? 'off';
              change({ checks: { ...draft.checks, [check]: use } });
            }}
          >
            {CHECK_USES.map((use) => (
              <option key={use} value={use}>
                {USES[use]}
              </option>
            ))}
          </select>
        </label>
      ))}
      <p className="quiet-text">
        With the commands that the task names, or the scripts of its package.json. Only problems that were not there
        before count.
      </p>
    </fieldset>
  );
}
