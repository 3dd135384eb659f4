import { z } from 'zod';
import { defineTool, failure, success } from './tool.ts';

export const askUser = defineTool({
  name: 'ask_user',
  description:
    'Asks the person one question and waits for the answer. Only for what neither the code nor the tests can tell, and what would be costly to guess.',
  schema: z.object({
    question: z.string().min(1).max(2000),
    choices: z.array(z.string().min(1).max(300)).max(8).optional().describe('Answers to choose from.'),
  }),
  phase: 'plan',
  run: async ({ question, choices = [] }, { run, call, emit, person, signal }) => {
    emit({ type: 'question-asked', run, call, question, ...(choices.length > 0 ? { choices } : {}) });
    const answer = person ? (await person.answer(withChoices(question, choices), signal)).trim() : null;
    emit({ type: 'question-answered', run, call, answer });
    if (answer === null)
      return failure('Nobody is there to answer. Go on by your best assumption, and say in `finish` which it was.');
    return success(
      answer === '' ? 'The person gave no answer: go on by your best assumption.' : `The person answers: ${answer}`,
    );
  },
});

function withChoices(question: string, choices: readonly string[]): string {
  return choices.length === 0 ? question : `${question}\n${choices.map((choice) => `- ${choice}`).join('\n')}`;
}
