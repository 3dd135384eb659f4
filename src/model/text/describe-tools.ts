import type { ToolDescription } from '../model.ts';
import { resolve, type ValueSchema } from './value.ts';

/** What a model is told that has no tool calls of its own. */
export function describeTools(tools: readonly ToolDescription[]): string {
  return `You act through tools. To use one, write a block of tags, exactly like this and without a code fence:

<tool name="TOOL">
<parameter_name>value</parameter_name>
</tool>

- The value stands between the tags as it is. Code needs no escaping and no quotes. A value of several lines begins on the line after its tag.
- Leave out optional parameters that you do not need. Repeat a tag where a list is asked.
- A reply may have several blocks; they are carried out in order. End your reply after the last one: the results come in the next message, never write them yourself.

The tools:

${tools.map(describeTool).join('\n\n')}`;
}

function describeTool({ name, description, parameters }: ToolDescription): string {
  return `## ${name}\n${description}\n<tool name="${name}">${skeleton(parameters)}\n</tool>`;
}

function skeleton({ properties = {}, required = [] }: ValueSchema): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const value = resolve(schema);
      const isList = value.type === 'array';
      const one = isList ? resolve(value.items) : value;
      const notes = [
        required.includes(name) ? '' : 'optional',
        isList ? 'repeat for each' : '',
        schema.description ?? '',
      ];
      const told = notes.filter(Boolean).join('; ');
      const inner = one.properties ? `${skeleton(one)}\n` : (one.type ?? 'value');
      return `\n<${name}>${inner}</${name}>${told === '' ? '' : ` (${told})`}`;
    })
    .join('');
}
