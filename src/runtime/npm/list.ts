/** `npm ls`: what is installed, as a tree, and what is wrong with it. */
import { joinPath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { type Installed, InstalledTree, isValid, type Wanted, wantsOf } from './installed.ts';
import { findProject, NpmError, type PackageFile, packageId, readPackage } from './package-file.ts';
import type { ScriptLine } from './run-script.ts';
import { listWorkspaces } from './workspaces.ts';

interface Node {
  name: string;
  /** Empty for what is missing. */
  version: string;
  label: string;
  json: Record<string, unknown>;
  folder: string | undefined;
  children: Node[];
}

interface Walk {
  tree: InstalledTree;
  problems: string[];
  /** Folders whose own dependencies are told already. */
  seen: Set<string>;
  depth: number;
}

export async function list(context: UtilityContext, line: ScriptLine): Promise<number> {
  const { config } = line;
  const isOn = (name: string) => config.get(name) === 'true';
  if (isOn('global')) {
    await context.stdout.line('/usr/lib\n└── (empty)\n');
    return 0;
  }
  const file = projectOrNothing(context);
  const tree = new InstalledTree(context);
  const all = isOn('all');
  const chosen = line.args.map(choiceOf);
  const depth = config.get('depth');
  const walk: Walk = {
    tree,
    problems: [],
    seen: new Set([file.folder]),
    // "Infinity" is a number, too.
    depth: depth === undefined ? (all || chosen.length > 0 ? Number.POSITIVE_INFINITY : 0) : Number(depth),
  };
  const id = packageId(file) ?? file.name ?? '';
  const omitted = config.get('omit') === 'dev' || line.production;
  const wanted = [...wantsOf(file.content, true), ...workspacesOf(context, file.folder)];
  const wants = wanted.filter(({ dev }) => !(dev && omitted));
  const children = childrenOf(walk, { folder: file.folder, id, wants, level: 0 });
  const reached = reachable(tree, file.folder, wanted);
  for (const found of tree.below(file.folder)) {
    if (reached.has(found.folder)) continue;
    const problem = `extraneous: ${found.name}@${found.version} ${found.folder}`;
    walk.problems.push(problem);
    children.push({
      name: found.name,
      version: found.version,
      label: `${found.name}@${found.version} extraneous`,
      folder: found.folder,
      json: { version: found.version, overridden: false, extraneous: true, problems: [problem] },
      children: [],
    });
  }
  children.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const shown =
    chosen.length > 0 ? children.map((node) => only(node, chosen)).filter((node) => node !== undefined) : children;
  const order = new Map(children.map(({ name }, index) => [name, index]));
  const nameOf = (problem: string) => /^\w+: (@?[^@]+)@/.exec(problem)?.[1] ?? '';
  const told = new Set(chosen.length > 0 ? shown.flatMap(namesOf) : []);
  const problems = [...new Set(walk.problems)]
    .filter((problem) => chosen.length === 0 || told.has(nameOf(problem)))
    .sort((a, b) => (order.get(nameOf(a)) ?? 0) - (order.get(nameOf(b)) ?? 0));
  if (line.json)
    await context.stdout.line(
      JSON.stringify(
        { ...jsonOf({ version: file.version, name: file.name }, shown, problems), ...errorOf(problems) },
        null,
        2,
      ),
    );
  else if (isOn('parseable')) {
    for (const folder of [...(chosen.length > 0 ? [] : [file.folder]), ...shown.flatMap(foldersOf)])
      await context.stdout.line(folder);
  } else {
    const rows = shown.length > 0 ? draw(shown, '') : ['└── (empty)'];
    await context.stdout.line(`${id === '' ? '' : `${id} `}${file.folder}\n${rows.join('\n')}\n`);
  }
  if (problems.some(isSerious)) throw new NpmError(['code ELSPROBLEMS', ...problems].join('\n'), { told: true });
  return chosen.length > 0 && shown.length === 0 ? 1 : 0;
}

/** A folder without a package.json has node_modules all the same. */
function projectOrNothing(context: UtilityContext): PackageFile {
  const folder = findProject(context);
  const path = joinPath(folder, 'package.json');
  if (context.sys.call('statOrNull', path, true)) return readPackage(context, folder);
  return { folder, path, name: undefined, version: undefined, scripts: new Map(), content: {}, text: '' };
}

/** A project asks for its own workspaces, too: they are linked into its node_modules. */
const workspacesOf = (context: UtilityContext, root: string): Wanted[] =>
  context.sys.call('statOrNull', joinPath(root, 'package.json'), true)
    ? listWorkspaces(context, root).map(({ name, folder }) => ({
        name,
        range: `file:${folder}`,
        optional: false,
        dev: false,
      }))
    : [];

const isSerious = (problem: string): boolean => !problem.startsWith('extraneous:');

function errorOf(problems: readonly string[]): Record<string, unknown> {
  if (!problems.some(isSerious)) return {};
  return { error: { code: 'ELSPROBLEMS', summary: problems.join('\n'), detail: '' } };
}

interface Parent {
  folder: string;
  id: string;
  wants: readonly Wanted[];
  level: number;
}

/** Level by level: what stands higher up is not told again further down. */
function childrenOf(walk: Walk, root: Parent): Node[] {
  const top: Node[] = [];
  let queue: { parent: Parent; into: Node[] }[] = [{ parent: root, into: top }];
  while (queue.length > 0) {
    const next: typeof queue = [];
    for (const { parent, into } of queue) {
      for (const want of parent.wants) {
        const { node, below } = nodeOf(walk, parent, want) ?? {};
        if (node) into.push(node);
        if (node && below && below.level <= walk.depth) next.push({ parent: below, into: node.children });
      }
    }
    queue = next;
  }
  return top;
}

function nodeOf(
  walk: Walk,
  { folder, id, level }: Parent,
  { name, range, optional }: Wanted,
): { node: Node; below?: Parent } | undefined {
  const found = walk.tree.resolve(folder, name);
  if (!found) {
    if (optional && level > 0) return undefined;
    const problem = `missing: ${name}@${range}, required by ${id}`;
    if (!optional) walk.problems.push(problem);
    const json = optional ? {} : { required: range, missing: true, problems: [problem] };
    const label = `UNMET ${optional ? 'OPTIONAL ' : ''}DEPENDENCY ${name}@${range}`;
    return { node: { name, version: '', label, folder: undefined, json, children: [] } };
  }
  const own = `${found.name}@${found.alias === undefined ? '' : `npm:${found.alias}@`}${found.version}`;
  const from = level === 0 ? 'the root project' : folder.slice(folder.indexOf('node_modules'));
  const wrong = isValid(found, range) ? undefined : `"${range}" from ${from}`;
  const problem = `invalid: ${own} ${found.folder}`;
  if (wrong !== undefined) walk.problems.push(problem);
  const again = walk.seen.has(found.folder);
  walk.seen.add(found.folder);
  const link = found.target === undefined ? '' : ` -> ${relative(found)}`;
  const label = `${own}${wrong === undefined ? '' : ` invalid: ${wrong}`}${again ? ' deduped' : ''}${link}`;
  const json = {
    version: found.version,
    overridden: false,
    ...(wrong === undefined ? {} : { invalid: wrong, problems: [problem] }),
  };
  const node: Node = { name, version: found.version, label, folder: found.folder, json, children: [] };
  if (again) return { node };
  return { node, below: { folder: found.target ?? found.folder, id: own, wants: found.wants, level: level + 1 } };
}

const relative = ({ folder, target = '' }: Installed): string => {
  const project = folder.slice(0, folder.indexOf('/node_modules'));
  return target.startsWith(`${project}/`) ? `./${target.slice(project.length + 1)}` : target;
};

/** The folders of all that is asked for, however far down. */
function reachable(
  tree: InstalledTree,
  folder: string,
  wants: readonly Wanted[],
  found = new Set<string>(),
): Set<string> {
  for (const { name } of wants) {
    const next = tree.resolve(folder, name);
    if (!next || found.has(next.folder)) continue;
    found.add(next.folder);
    reachable(tree, next.target ?? next.folder, next.wants, found);
  }
  return found;
}

/** What `npm ls NAME@RANGE` is to show. */
interface Choice {
  name: string;
  range: string;
}

function choiceOf(arg: string): Choice {
  const at = arg.indexOf('@', 1);
  return at === -1 ? { name: arg, range: '*' } : { name: arg.slice(0, at), range: arg.slice(at + 1) };
}

/** The branches that lead to one of the choices. */
function only(node: Node, choices: readonly Choice[]): Node | undefined {
  const children = node.children.map((child) => only(child, choices)).filter((child) => child !== undefined);
  const isChosen = choices.some(
    ({ name, range }) => name === node.name && (range === '*' || isValid({ version: node.version }, range)),
  );
  return children.length > 0 || isChosen ? { ...node, children } : undefined;
}

const namesOf = (node: Node): string[] => [node.name, ...node.children.flatMap(namesOf)];

const foldersOf = (node: Node): string[] => [
  ...(node.folder === undefined ? [] : [node.folder]),
  ...node.children.flatMap(foldersOf),
];

function draw(nodes: readonly Node[], indent: string): string[] {
  return nodes.flatMap(({ label, children }, index) => {
    const last = index === nodes.length - 1;
    const row = `${indent}${last ? '└' : '├'}─${children.length > 0 ? '┬' : '─'} ${label}`;
    return [row, ...draw(children, `${indent}${last ? '  ' : '│ '}`)];
  });
}

function jsonOf(
  own: Record<string, unknown>,
  children: readonly Node[],
  problems: readonly string[] = [],
): Record<string, unknown> {
  const dependencies = Object.fromEntries(children.map((node) => [node.name, jsonOf(node.json, node.children)]));
  return {
    ...own,
    ...(problems.length > 0 ? { problems } : {}),
    ...(children.length > 0 ? { dependencies } : {}),
  };
}

/** What a project asks for and has not, or has in another version. */
export function lacking(context: UtilityContext, folder: string, content: Record<string, unknown>): string[] {
  const tree = new InstalledTree(context);
  return wantsOf(content, true).flatMap(({ name, range, optional }) => {
    const found = tree.resolve(folder, name);
    if (!found) return optional ? [] : [`${name}@${range}`];
    return isValid(found, range) ? [] : [`${name}@${range} (${found.version} is there)`];
  });
}
