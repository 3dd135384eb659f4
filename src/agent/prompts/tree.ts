/** What a candidate of the tree strategy is told beside the task. The built-in solver reads its first sentence, too. */
export function describeCandidate({ number, of, steps }: { number: number; of: number; steps: number }): string {
  return [
    `You are candidate ${number} of ${of}. The candidates work at the same time, each on a copy of the project of its own, and do not see`,
    'one another. The copy with the most passing tests is kept; of equals, the one with the smaller change.',
    'Before your first edit, list the likeliest explanations of the failure, one line each, the likeliest first.',
    `Follow explanation number ${number}. ${HINTS[number - 1] ?? 'Go where the candidates before you are not likely to look.'}`,
    `You have ${steps} replies. Run the tests before the last one; call finish when they pass, give_up when your explanation was wrong.`,
  ].join('\n');
}

const HINTS: readonly string[] = [
  'Take the smallest repair of what the failing tests name.',
  'Look behind what the failing tests name: at what it calls, and at the data it is given.',
  'Doubt the design of the code at fault: rewrite that function as its callers and tests need it.',
];

/** What the candidates of the last round came to, for those of the next. */
export function describeLastRound(reports: readonly string[], focus: string | null): string {
  const parts = [focus ?? '', 'Candidates have tried before you. Do not repeat what failed:', ...reports];
  return parts.filter((part) => part !== '').join('\n\n');
}

export const LAST_REPLY = 'This is your last reply: make your change and run the tests, or give up.';
