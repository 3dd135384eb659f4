/** Tools by the names that other agents have for them: models call what they were trained with. */
import type { ToolCall } from '../../model/model.ts';
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

const commandIn = (text: string): string => /"command"\s*:\s*"(\w+)"/.exec(text)?.[1] ?? '';
