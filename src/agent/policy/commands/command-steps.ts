/** What a line of sh would start, step by step, with all that hides in it: what wrappers, shells, npm's scripts and script files run. */
import type { Files } from '../../../session/files.ts';
import type { Input, Redirected, SimpleCommand } from './read-commands.ts';
import type { Argument } from './words.ts';

interface StepBase {
  /** Through what it is reached: "npm run build", "sh -c"; the outermost first. */
  readonly via: readonly string[];
}

export type CommandStep = StepBase &
  (
    | {
        readonly kind: 'command';
        /** Its name first, without folders that hold the system's programs; empty for redirections alone. */
        readonly words: readonly Argument[];
        readonly redirects: readonly Redirected[];
        readonly folder: string | null;
        /** What it reads. */
        readonly input?: Input;
      }
    /** JavaScript that would run. */
    | { readonly kind: 'code'; readonly code: string; readonly name: string }
    /** What would run cannot be told before it does. */
    | { readonly kind: 'unclear'; readonly what: string; readonly why: string }
  );

export interface StepContext {
  /** The project's folder, absolute. */
  readonly project: string;
  /** The project's files as they are. */
  readonly files: Files;
  /** Known contents of files that were written elsewhere, by absolute path; null: something else. */
  readonly written: ReadonlyMap<string, string | null>;
  /** Names of the programs that the project's packages brought: those npx finds. */
  readonly programs: ReadonlySet<string>;
}

/** How the parts of the expansion call one another. */
export interface Expansion extends StepContext {
  readonly depth: number;
  readonly via: readonly string[];
  line(text: string, folder: string | null, via: string): CommandStep[];
  command(command: SimpleCommand, via?: string): CommandStep[];
  code(code: string, name: string): CommandStep;
  unclear(what: string, why: string): CommandStep;
}

export const textOf = (words: readonly Argument[]): string => words.map(({ text }) => text).join(' ');

/** The words of a command from one place on, as a command of its own. */
export function restOf(command: SimpleCommand, words: readonly Argument[]): SimpleCommand {
  return { ...command, words, assignments: [], redirects: [] };
}
