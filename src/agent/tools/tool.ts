import { z } from 'zod';
import type { ToolDescription } from '../../model/model.ts';
import type { NewEvent } from '../../session/events.ts';
import type { Outcome, Phase, RunId } from '../../session/values.ts';
import { existingPath, ownPath } from '../edit/own-path.ts';
import type { Claim } from '../left/judge-claims.ts';
import type { Person } from '../person.ts';
import { PermissionDenied } from '../policy/permission-denied.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Arguments, describeParameters, type ParameterSchema, readArguments } from './arguments.ts';
import { readJson } from './read-json.ts';

/** What the model reads, and what ends the conversation. */
export interface ToolResult {
  readonly ok: boolean;
  readonly result: string;
  /** Ends the conversation, and the run where the conversation is the whole of it. */
  readonly outcome?: Outcome;
  /** Ends the conversation without an outcome: what it was for has been handed on. */
  readonly ends?: true;
  /** An edit that fits nowhere: the files are not what the calls after it in the reply were made for. */
  readonly misses?: true;
}

export interface ToolContext {
  readonly run: RunId;
  readonly step: number;
  readonly call: string;
  /** The files of the conversation that calls: the run's, or a branch's. */
  readonly workspace: Workspace;
  readonly acceptance: Acceptance;
  /** Whoever can be asked; nobody where it is absent. The clock of the run stands still while they think. */
  readonly person?: Person;
  readonly signal: AbortSignal;
  readonly emit: (event: NewEvent) => void;
}

/** What is said of the files when they are to end a run. */
export interface Ending {
  readonly summary: string;
  /** Failing tests that are said not to be of this task. */
  readonly claims?: readonly Claim[];
  /** The claims were doubted before. */
  readonly insists?: boolean;
  /** Whoever says it has read what the tests said last. */
  readonly hasRead?: boolean;
}

/** Decides whether the files as they are may end a run as solved. */
export interface Acceptance {
  /** Runs what has to be run. The result's outcome is `solved` where they are accepted; else the result says what is missing. */
  judge(ending: Ending, context: ToolContext): Promise<ToolResult>;
  /** Whether the tests alone are enough, so that a run whose limit comes before the model says "finished" is solved. */
  suffices(workspace: Workspace): boolean;
}

export interface Tool {
  readonly description: ToolDescription;
  phase(workspace: Workspace): Phase;
  /** `text` is what the model wrote. Bad arguments are a result, not an error. */
  call(text: string, context: ToolContext): Promise<ToolResult>;
}

interface ToolDefinition<Schema extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly phase: Phase | ((workspace: Workspace) => Phase);
  /** The parameter that names a file of the project, and whether the file must be there already. */
  readonly file?: { readonly key: string; readonly exists: boolean };
  readonly run: (args: z.output<Schema>, context: ToolContext) => Promise<ToolResult> | ToolResult;
}

export const failure = (result: string): ToolResult => ({ ok: false, result });
export const success = (result: string): ToolResult => ({ ok: true, result });

export function defineTool<Schema extends z.ZodType>(definition: ToolDefinition<Schema>): Tool {
  const { name, description, schema, phase, file, run } = definition;
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: 'input' });
  const shape = parameters as ParameterSchema;
  return {
    description: { name, description, parameters },
    phase: (workspace) => (typeof phase === 'function' ? phase(workspace) : phase),
    call: async (text, context) => {
      const written = readJson(text);
      if (!written.ok) return failure(`The arguments of ${name} are not valid JSON. ${written.error}`);
      const { args: given, unknown } = readArguments(written.value, shape);
      const { args, note: meant } = withOwnPath(given, file, context);
      const parsed = schema.safeParse(args);
      if (!parsed.success) {
        const usage = `Its arguments are ${describeParameters(shape)}.`;
        return failure(`Wrong arguments for ${name}:\n${z.prettifyError(parsed.error)}\n${usage}`);
      }
      const result = await unlessDenied(() => run(parsed.data, context));
      const notes = [
        meant,
        written.mended === null ? '' : `(The arguments were no valid JSON and were mended: ${written.mended}.)`,
        unknown.length === 0 ? '' : `(Ignored: ${name} has no ${unknown.map((key) => `"${key}"`).join(', ')}.)`,
      ].filter((note) => note !== '');
      return notes.length === 0 ? result : { ...result, result: [result.result, ...notes].join('\n') };
    },
  };
}

/** The argument that names a file, as the project calls that file. */
function withOwnPath(
  args: Arguments,
  file: ToolDefinition<z.ZodType>['file'],
  { workspace }: Pick<ToolContext, 'workspace'>,
): { readonly args: Arguments; readonly note: string } {
  const named = file ? args[file.key] : undefined;
  if (!file || typeof named !== 'string') return { args, note: '' };
  const path = (file.exists ? existingPath : ownPath)(workspace.files, named);
  if (path === named) return { args, note: '' };
  const isPlain = path === named.trim().replace(/^\.\//, '');
  return { args: { ...args, [file.key]: path }, note: isPlain ? '' : `("${named}" was taken for ${path}.)` };
}

/** What the policy refuses in the middle of a tool is its result. */
async function unlessDenied(run: () => Promise<ToolResult> | ToolResult): Promise<ToolResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PermissionDenied) return failure(error.message);
    throw error;
  }
}
