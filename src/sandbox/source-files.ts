/** Which files of a project are its source: what a snapshot holds. */
import ignore, { type Ignore } from 'ignore';
import { contentSize } from '../session/content.ts';
import { type Content, type Files, holdsToken, isNpmSettings, isSecretFile } from '../session/files.ts';
import type { FileSystemTree } from './container/webcontainer.ts';

/** Never looked into, at any depth: installed code, version control, our own working copies. */
const OMITTED_ANYWHERE: readonly string[] = ['node_modules', '.git', '.fixpoint'];
/** What tools leave behind in the project's folder. What builds make (`dist`) is for `.gitignore` to say: in some projects it is source. */
const OMITTED_AT_ROOT: readonly string[] = ['coverage', '.nyc_output', '.cache'];
/** In bytes. What has more is omitted by its name. */
export const LARGEST_SOURCE = 1024 * 1024;

/** Whether a folder is left out by its name. */
const isOmittedFolder = (path: string): boolean => {
  const parts = path.split('/');
  return OMITTED_ANYWHERE.includes(parts.at(-1) ?? '') || (parts.length === 1 && OMITTED_AT_ROOT.includes(path));
};

/** What an export need not carry. `names`: the folders in the project's folder; `gitignore`: its text, if it has one. */
export function unexported(names: readonly string[], gitignore: string | null): { globs: string[]; folders: string[] } {
  const ignored = ignore().add(gitignore ?? '');
  const folders = names.filter((name) => isOmittedFolder(name) || ignored.ignores(`${name}/`));
  // In square brackets no character of a name is more than itself.
  const literal = (name: string) => name.replace(/[^\w.-]/g, (character) => `[${character}]`);
  return { globs: [...OMITTED_ANYWHERE.map((name) => `**/${name}`), ...folders.map(literal)], folders };
}

export interface SourceTree {
  readonly files: Files;
  readonly omitted: readonly string[];
  readonly links: Readonly<Record<string, string>>;
}

/** A character takes three bytes at most. */
const isLarge = (contents: string | Uint8Array): boolean =>
  contents.length > LARGEST_SOURCE ||
  (typeof contents === 'string' && contents.length * 3 > LARGEST_SOURCE && contentSize(contents) > LARGEST_SOURCE);

const isToken = (path: string, contents: string | Uint8Array): boolean =>
  isNpmSettings(path) && holdsToken(typeof contents === 'string' ? contents : new TextDecoder().decode(contents));

/** Picks the source files out of an exported tree; `toContent` makes content of bytes. Links are omitted, and of omitted folders the name alone ("dist/"). */
export function pickSources(tree: FileSystemTree, toContent: (bytes: Uint8Array) => Content): SourceTree {
  const files: [string, Content][] = [];
  const omitted: string[] = [];
  const links: [string, string][] = [];
  const visit = (folder: FileSystemTree, prefix: string, above: readonly IgnoreRules[]): void => {
    const rules = withRulesOf(folder, prefix, above);
    const ignores = (path: string) => isIgnored(path, rules);
    for (const [name, node] of Object.entries(folder)) {
      const path = prefix + name;
      if ('directory' in node) {
        if (isOmittedFolder(path) || ignores(`${path}/`)) omitted.push(`${path}/`);
        else visit(node.directory, `${path}/`, rules);
      } else if ('symlink' in node.file) {
        omitted.push(path);
        links.push([path, node.file.symlink]);
      } else if (isSecretFile(path) || ignores(path) || isToken(path, node.file.contents)) omitted.push(path);
      else if (isLarge(node.file.contents)) omitted.push(path);
      else
        files.push([path, typeof node.file.contents === 'string' ? node.file.contents : toContent(node.file.contents)]);
    }
  };
  visit(tree, '', []);
  return { files: Object.fromEntries(files), omitted, links: Object.fromEntries(links) };
}

/** A `.gitignore` and the folder it stands in ("" or "src/"). */
interface IgnoreRules {
  readonly prefix: string;
  readonly rules: Ignore;
}

function withRulesOf(folder: FileSystemTree, prefix: string, above: readonly IgnoreRules[]): readonly IgnoreRules[] {
  const file = Object.hasOwn(folder, '.gitignore') ? folder['.gitignore'] : undefined;
  if (!file || !('file' in file) || !('contents' in file.file) || typeof file.file.contents !== 'string') return above;
  return [{ prefix, rules: ignore().add(file.file.contents) }, ...above];
}

/** The nearest file that says anything of a path decides, as with git. */
function isIgnored(path: string, nearestFirst: readonly IgnoreRules[]): boolean {
  for (const { prefix, rules } of nearestFirst) {
    const { ignored, unignored } = rules.test(path.slice(prefix.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** What a snapshot would leave out whatever `.gitignore` says is left alone when files are restored. */
export const isOmitted = (path: string): boolean => {
  const [root = '', ...rest] = path.split('/');
  return (
    isSecretFile(path) ||
    [root, ...rest].some((part) => OMITTED_ANYWHERE.includes(part)) ||
    (rest.length > 0 && OMITTED_AT_ROOT.includes(root))
  );
};
