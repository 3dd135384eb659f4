import { useState } from 'react';
import { useSession, useWorkbench } from '../context.tsx';

/** A question of the agent, with the answers that it proposes. */
export function Question({ question }: { question: string }) {
  const { person } = useWorkbench();
  const [text, setText] = useState('');
  const calls =
    useSession()
      .runs.at(-1)
      ?.steps.flatMap((step) => step.calls) ?? [];
  // The log has the question and its choices apart.
  const pending = calls.findLast((call) => call.question && call.question.answer === undefined)?.question;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        person.reply(text);
      }}
    >
      <h3>The agent asks</h3>
      <p className="goal">{pending?.text ?? question}</p>
      <div className="asking-answers">
        {pending?.choices.map((choice) => (
          <button key={choice} type="button" className="button" onClick={() => person.reply(choice)}>
            {choice}
          </button>
        ))}
        <input aria-label="Your answer" value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit" className="button primary" disabled={text.trim() === ''}>
          Answer
        </button>
      </div>
    </form>
  );
}
