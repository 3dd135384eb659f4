/** Tools by the names that other agents have for them: models call what they were trained with. */
import type { ToolCall } from '../../model/model.ts';
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import { existingPath } from '../edit/own-path.ts';
import { looksWhole } from './looks-whole.ts';
import { readJson } from './read-json.ts';
import type { Tool } from './tool.ts';

/** Without case, "_" and "-". */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...names(
    'run_command',
    'bash shell sh terminal execute exec executecommand executebash runshell runshellcommand runbash',
  ),
  ...names('run_command', 'runinterminal runterminalcmd runterminalcommand runcommands cmd command commandline'),
  ...names('read_file', 'cat view viewfile open openfile readfiles showfile getfile fileread read readfilecontent'),
  ...names('write_file', 'createfile create writetofile savefile filewrite overwritefile newfile write'),
  ...names('edit_file', 'strreplace replaceinfile searchreplace searchandreplace replace edit editor stringreplace'),
  ...names(
    'write_file',
    'overwrite createnewfile createorupdatefile createorupdatefilecontents putfile updatefilecontent',
  ),
  ...names('edit_file', 'updatefile modifyfile editexistingfile inserteditintofile fileeditor multiedit replacelines'),
  ...names(
    'edit_file',
    'changefile patchfile applyedit editcode replacestring replacestringinfile replacetext modify update',
  ),
  ...names('list_files', 'ls listdir listdirectory listfile dir tree listfolder'),
  ...names('search', 'grep searchfiles ripgrep rg searchcode codesearch grepsearch searchproject findinfiles'),
  ...names('run_tests', 'test tests runalltests npmtest executetests testrunner'),
  ...names('apply_patch', 'applydiff patch applypatch'),
  ...names('finish', 'done complete attemptcompletion submit taskcomplete completetask taskdone finished finalanswer'),
  ...names('ask_user', 'askfollowupquestion askhuman askquestion ask'),
};

/** One tool of Anthropic's whose first argument says what it does. */
const EDITORS = new Set(['strreplaceeditor', 'strreplacebasededittool', 'texteditor']);
const EDITOR_COMMANDS: Readonly<Record<string, string>> = {
  view: 'read_file',
  create: 'write_file',
  str_replace: 'edit_file',
};

function names(tool: string, others: string): Record<string, string> {
  return Object.fromEntries(others.split(' ').map((other) => [other, tool]));
}

const bare = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

/** The tool that is meant by a name that no tool has; undefined where that is not certain. */
export function toolByOtherName(tools: readonly Tool[], { name, arguments: text }: ToolCall): Tool | undefined {
  const plain = bare(name.split(/[.:/]/).at(-1) ?? name);
  const meant = EDITORS.has(plain) ? EDITOR_COMMANDS[commandIn(text)] : OTHER_NAMES[plain];
  return tools.find(({ description }) => bare(description.name) === plain || description.name === meant);
}

/** Parameters of other agents' tools that hold a file's new content, whole or in parts. */
const CONTENT = [
  'content',
  'contents',
  'new_content',
  'newContent',
  'file_text',
  'code',
  'code_edit',
  'text',
  'changes',
];
const EDITS = ['edits', 'find', 'search', 'old', 'old_string', 'oldString', 'old_str', 'old_text', 'oldText'];

/**
 * The tool whose arguments these are, where a model confuses edit_file with write_file: edits are edits, and a content is written where it is
 * all of the file.
 */
export function toolByArguments(tools: readonly Tool[], tool: Tool, { text, files }: Written): Tool {
  const { name } = tool.description;
  if (name !== 'edit_file' && name !== 'write_file') return tool;
  const read = readJson(text);
  const args = read.ok && isRecord(read.value) ? read.value : {};
  const has = (keys: readonly string[]) => keys.some((key) => Object.hasOwn(args, key));
  const by = (wanted: string) => tools.find(({ description }) => description.name === wanted) ?? tool;
  if (name === 'write_file') return has(EDITS) && !has(CONTENT) ? by('edit_file') : tool;
  const content = CONTENT.map((key) => args[key]).find((value) => typeof value === 'string');
  if (has(EDITS) || typeof content !== 'string') return tool;
  const named = PATH.map((key) => args[key]).find((value) => typeof value === 'string');
  const before = typeof named === 'string' ? contentAt(files, existingPath(files, named)) : '';
  return before === undefined || (typeof before === 'string' && looksWhole(before, content)) ? by('write_file') : tool;
}

interface Written {
  /** The arguments, as the model wrote them. */
  readonly text: string;
  readonly files: Files;
}

const PATH = ['path', 'file', 'file_path', 'filePath', 'filepath', 'filename', 'target_file'];
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const commandIn = (text: string): string => /"command"\s*:\s*"(\w+)"/.exec(text)?.[1] ?? '';
