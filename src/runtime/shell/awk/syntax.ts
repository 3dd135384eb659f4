/** The tree of an awk program. */

export type Expression =
  | { type: 'number'; value: number }
  | { type: 'string'; value: string }
  | { type: 'regexp'; source: string }
  | { type: 'name'; name: string }
  | { type: 'field'; index: Expression }
  | { type: 'element'; array: string; keys: Expression[] }
  | { type: 'in'; array: string; keys: Expression[] }
  | { type: 'assign'; operator: string; target: Target; value: Expression }
  | { type: 'step'; operator: '++' | '--'; prefix: boolean; target: Target }
  | { type: 'unary'; operator: '!' | '-' | '+'; operand: Expression }
  | { type: 'binary'; operator: string; left: Expression; right: Expression }
  | { type: 'match'; negated: boolean; left: Expression; right: Expression }
  | { type: 'condition'; test: Expression; yes: Expression; no: Expression }
  | { type: 'call'; name: string; builtin: boolean; args: Expression[] }
  /** `getline`, `getline < file`, `command | getline`. */
  | { type: 'getline'; from: 'main' | 'file' | 'command'; source: Expression | undefined; target: Target | undefined }
  | { type: 'group'; items: Expression[] };

export type Target = Extract<Expression, { type: 'name' | 'field' | 'element' }>;

export interface Redirect {
  operator: '>' | '>>' | '|';
  target: Expression;
}

export type Statement =
  | { type: 'expression'; expression: Expression }
  | { type: 'print'; args: Expression[]; redirect: Redirect | undefined }
  | { type: 'printf'; args: Expression[]; redirect: Redirect | undefined }
  | { type: 'block'; body: Statement[] }
  | { type: 'if'; test: Expression; yes: Statement; no: Statement | undefined }
  | { type: 'while'; test: Expression; body: Statement }
  | { type: 'do'; test: Expression; body: Statement }
  | {
      type: 'for';
      start: Statement | undefined;
      test: Expression | undefined;
      step: Statement | undefined;
      body: Statement;
    }
  | { type: 'each'; name: string; array: string; body: Statement }
  | { type: 'delete'; array: string; keys: Expression[] | undefined }
  | { type: 'next' | 'nextfile' | 'break' | 'continue' }
  | { type: 'exit' | 'return'; value: Expression | undefined };

export interface Rule {
  /** `BEGIN`, `END`, a pattern, a range of two, or none. */
  pattern: 'BEGIN' | 'END' | Expression[];
  /** Absent: the record is printed. */
  body: Statement[] | undefined;
}

export interface FunctionDefinition {
  name: string;
  parameters: string[];
  body: Statement[];
}

export interface Program {
  rules: Rule[];
  functions: Map<string, FunctionDefinition>;
}

/** What is wrong with a program, with its line. */
export class AwkSyntaxError extends Error {
  override name = 'AwkSyntaxError';
}

export const BUILTINS: ReadonlySet<string> = new Set([
  'atan2',
  'close',
  'cos',
  'exp',
  'fflush',
  'gensub',
  'gsub',
  'index',
  'int',
  'length',
  'log',
  'match',
  'rand',
  'sin',
  'split',
  'sprintf',
  'sqrt',
  'srand',
  'strftime',
  'sub',
  'substr',
  'system',
  'systime',
  'tolower',
  'toupper',
  'asort',
  'asorti',
  'and',
  'or',
  'xor',
  'lshift',
  'rshift',
  'compl',
  'strtonum',
  'mktime',
]);
