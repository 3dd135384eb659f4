/**
 * The answer, behind those to calls that were let go before it: a caller that waited for data is answered two microtasks after the data
 * has come, and hears of it before it hears of what happened next.
 */
export async function behindOthers<Answer>(answer: Answer | Promise<Answer>): Promise<Answer> {
  const value = await answer;
  for (let microtasks = 4; microtasks > 0; microtasks--) await null;
  return value;
}
