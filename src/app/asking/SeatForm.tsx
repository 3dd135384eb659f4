import { useState } from 'react';
import type { ToolDescription } from '../../model/model.ts';
import { useWorkbench } from '../context.tsx';
import { ParameterFields } from './ParameterFields.tsx';
import { argumentsOf, type FilledForm, fieldsOf } from './parameters.ts';

/** The next call is the person's: the agent's tools, each with its parameters as fields. */
export function SeatForm({ tools }: { tools: readonly ToolDescription[] }) {
  const { person } = useWorkbench();
  const [name, setName] = useState(tools[0]?.name ?? '');
  const [filled, setFilled] = useState<FilledForm>({});
  const [problem, setProblem] = useState<string | null>(null);
  const tool = tools.find((one) => one.name === name) ?? tools[0];
  if (!tool) return null;
  const fields = fieldsOf(tool.parameters);
  const submit = () => {
    try {
      person.call(tool.name, argumentsOf(fields, filled));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      setProblem(`This is not JSON: ${error.message}`);
    }
  };
  return (
    <form
      className="form seat"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3>Your call</h3>
      <label>
        Tool
        <select
          value={tool.name}
          onChange={({ target }) => {
            setName(target.value);
            setFilled({});
            setProblem(null);
          }}
        >
          {tools.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      <p className="quiet-text">{tool.description}</p>
      <ParameterFields fields={fields} filled={filled} onChange={setFilled} />
      {problem !== null && (
        <p role="alert" className="bad">
          {problem}
        </p>
      )}
      <div className="asking-answers">
        <button type="submit" className="button primary">
          Make this call
        </button>
      </div>
    </form>
  );
}
