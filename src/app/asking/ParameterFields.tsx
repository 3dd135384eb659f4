import { useId } from 'react';
import type { Field, Filled, FilledForm } from './parameters.ts';

interface ParameterFieldsProps {
  readonly fields: readonly Field[];
  readonly filled: FilledForm;
  readonly onChange: (filled: FilledForm) => void;
}

export function ParameterFields({ fields, filled, onChange }: ParameterFieldsProps) {
  return fields.map((field) => (
    <ParameterField
      key={field.name}
      field={field}
      value={filled[field.name]}
      onChange={(value) => onChange({ ...filled, [field.name]: value })}
    />
  ));
}

interface ParameterFieldProps {
  readonly field: Field;
  readonly value: Filled | undefined;
  readonly onChange: (value: Filled) => void;
}

/** Names of texts that have several lines. */
const LONG = /^(content|find|replace|patch|summary|explanation|question|text)$/;

function ParameterField({ field, value, onChange }: ParameterFieldProps) {
  const { name, hint, kind, isRequired } = field;
  const id = useId();
  if (kind === 'list') return <ListField field={field} value={value} onChange={onChange} />;
  if (kind === 'flag')
    return (
      <label className="choice" title={hint}>
        <input type="checkbox" checked={value === true} onChange={({ target }) => onChange(target.checked)} /> {name}
      </label>
    );
  const text = typeof value === 'string' ? value : '';
  const shared = {
    id,
    value: text,
    title: hint,
    placeholder: kind === 'json' ? 'JSON' : '',
    spellCheck: false,
  };
  return (
    <label htmlFor={id}>
      <span>
        {name} {!isRequired && <span className="quiet-text">optional</span>}
      </span>
      {LONG.test(name) ? (
        <textarea rows={3} {...shared} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <input
          type={kind === 'number' ? 'number' : 'text'}
          required={isRequired}
          {...shared}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </label>
  );
}

interface ListFieldProps extends Omit<ParameterFieldProps, 'field'> {
  readonly field: Extract<Field, { kind: 'list' }>;
}

function ListField({ field: { name, hint, fields, isRequired }, value, onChange }: ListFieldProps) {
  const items = typeof value === 'object' ? value : isRequired ? [{}] : [];
  return (
    <fieldset title={hint}>
      <legend>
        {name} {!isRequired && <span className="quiet-text">optional</span>}
      </legend>
      {items.map((item, index) => (
        <ParameterFields
          // biome-ignore lint/suspicious/noArrayIndexKey: items are told apart by their place, and are never moved
          key={index}
          fields={fields}
          filled={item}
          onChange={(changed) => onChange(items.map((other, at) => (at === index ? changed : other)))}
        />
      ))}
      <button type="button" className="button small" onClick={() => onChange([...items, {}])}>
        {items.length === 0 ? 'Add one' : 'One more'}
      </button>
    </fieldset>
  );
}
