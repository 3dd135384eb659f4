/** tree. */
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { joinPath } from '../paths.ts';
import { giveTurn } from '../turns.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { formatMode, formatSize, userName } from './format.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { strftime, zoneOf } from './strftime.ts';
import { placeOnTrail, type Trail } from './trail.ts';
import { writeFile } from './write-file.ts';

interface Node {
  name: string;
  path: string;
  /** Of the entry itself and, where it is a link, of what it leads to. */
  own: Stat;
  target: Stat | null;
  folder: boolean;
  /** A link to a folder around it. */
  loops: boolean;
  children: Node[] | undefined;
}

const USAGE =
  'usage: tree [-acdfghilnpqrstuvxACDFJQNSUX] [-L level] [-P pattern] [-I pattern] [-o filename] [directory ...]';

class Forest {
  readonly #context: UtilityContext;
  readonly #options: Options;
  readonly #deepest: number;
  readonly #ignored: RegExp[];
  readonly #wanted: RegExp[] | undefined;
  readonly #lines: string[] = [];
  folders = 0;
  files = 0;

  constructor(context: UtilityContext, options: Options) {
    this.#context = context;
    this.#options = options;
    this.#deepest = Number(lastValue(options, 'L') ?? 'Infinity');
    const ignoreCase = options.flags.has('ignore-case');
    const compile = (texts: readonly string[]) =>
      texts.flatMap((text) => text.split('|')).map((text) => patternToRegExp(text.replace(/\/$/, ''), { ignoreCase }));
    this.#ignored = compile(options.values.get('I') ?? []);
    const wanted = options.values.get('P');
    this.#wanted = wanted && compile(wanted);
  }

  has(flag: string): boolean {
    return this.#options.flags.has(flag);
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  add(line: string): void {
    this.#lines.push(line);
  }

  async read(from: Trail, depth: number): Promise<Node[] | undefined> {
    const { path } = from;
    if (depth > this.#deepest) return undefined;
    // Also because all folders around it would be on the stack, which has no room for the deepest.
    await giveTurn();
    const { sys } = this.#context;
    const nodes: Node[] = [];
    for (const name of sys.call('readdir', this.#context.resolve(path)).names) {
      const node = await this.#node(name, from, depth);
      if (node) nodes.push(node);
    }
    return this.#sorted(nodes);
  }

  async #node(name: string, outer: Trail, depth: number): Promise<Node | undefined> {
    if (name.startsWith('.') && !this.has('a')) return undefined;
    if (this.#ignored.some((pattern) => pattern.test(name))) return undefined;
    const { sys } = this.#context;
    const whole = joinPath(outer.path, name);
    const own = sys.call('statOrNull', this.#context.resolve(whole), false);
    if (!own) return undefined;
    const link = (own.mode & S_IFMT) === S_IFLNK;
    const target = link ? sys.call('statOrNull', this.#context.resolve(whole), true) : own;
    const folder = target !== null && (target.mode & S_IFMT) === S_IFDIR;
    if (!folder && (this.has('d') || this.#wanted?.every((pattern) => !pattern.test(name)))) return undefined;
    const isFollowed = folder && link && this.has('l');
    const loops = isFollowed && placeOnTrail(outer, target) !== undefined;
    const isRead = folder && !loops && (!link || isFollowed);
    const children = isRead ? await this.#tryRead({ path: whole, stat: target, outer }, depth + 1) : undefined;
    if (folder && this.has('prune') && !children?.length) return undefined;
    return { name, path: whole, own, target, folder, loops, children };
  }

  async #tryRead(folder: Trail, depth: number): Promise<Node[] | undefined> {
    try {
      return await this.read(folder, depth);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return undefined;
    }
  }

  #sorted(nodes: Node[]): Node[] {
    const sort = lastValue(this.#options, 'sort');
    const byName = (a: Node, b: Node) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    let compare: (a: Node, b: Node) => number = byName;
    if (this.has('t') || sort === 'mtime') compare = (a, b) => a.own.mtimeMs - b.own.mtimeMs || byName(a, b);
    else if (sort === 'size') compare = (a, b) => b.own.size - a.own.size || byName(a, b);
    else if (this.has('v') || sort === 'version')
      compare = (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || byName(a, b);
    const reverse = this.has('r') ? -1 : 1;
    const first = this.has('dirsfirst') ? -1 : this.has('filesfirst') ? 1 : 0;
    return nodes.sort((a, b) =>
      a.folder !== b.folder && first !== 0 ? (a.folder ? first : -first) : compare(a, b) * reverse,
    );
  }

  /** What stands in brackets in front of a name. */
  #details(stat: Stat): string {
    const parts: string[] = [];
    if (this.has('p')) parts.push(formatMode(stat.mode));
    if (this.has('u')) parts.push(userName(this.#context.env, stat.uid).padEnd(8));
    if (this.has('g')) parts.push(userName(this.#context.env, stat.gid).padEnd(8));
    if (this.has('h')) parts.push(formatSize(stat.size).padStart(4));
    else if (this.has('s')) parts.push(String(stat.size).padStart(11));
    const format = lastValue(this.#options, 'timefmt') ?? (this.has('D') ? '%b %e %H:%M' : undefined);
    if (format !== undefined) parts.push(strftime(format, stat.mtimeMs, zoneOf(this.#context.env.get('TZ'))));
    return parts.length === 0 ? '' : `[${parts.join(' ')}]  `;
  }

  #label(node: Pick<Node, 'own' | 'target' | 'folder'>, name: string): string {
    const quoted = this.has('Q') ? `"${name}"` : name;
    return this.#coloured(quoted, node.own) + this.#mark(node);
  }

  #mark({ own, folder }: Pick<Node, 'own' | 'folder'>): string {
    if (!this.has('F')) return '';
    const link = (own.mode & S_IFMT) === S_IFLNK;
    return folder && !link ? '/' : !link && (own.mode & 0o111) !== 0 ? '*' : '';
  }

  #coloured(name: string, stat: Stat): string {
    if (!this.has('C') || this.has('n')) return name;
    const type = stat.mode & S_IFMT;
    const colour = type === S_IFDIR ? '01;34' : type === S_IFLNK ? '01;36' : stat.mode & 0o111 ? '01;32' : '00';
    return `\x1b[${colour}m${name}\x1b[0m`;
  }

  root(path: string, own: Stat): void {
    const name = this.has('F') && !path.endsWith('/') ? `${path}/` : path;
    this.add(this.#details(own) + this.#coloured(this.has('Q') ? `"${name}"` : name, own));
  }

  draw(nodes: readonly Node[], indent: string): void {
    for (const [index, node] of nodes.entries()) {
      const last = index === nodes.length - 1;
      if (node.folder) this.folders += 1;
      else this.files += 1;
      const name = this.#label(node, this.has('f') ? node.path : node.name);
      const stem = this.has('i') ? '' : indent + (last ? '└── ' : '├── ');
      this.add(stem + this.#details(node.own) + name + this.#arrow(node));
      if (node.children) this.draw(node.children, indent + (last ? '    ' : '│\u00a0\u00a0 '));
    }
  }

  #arrow(node: Node): string {
    if ((node.own.mode & S_IFMT) !== S_IFLNK) return '';
    const mark = this.has('F') && node.target ? this.#mark({ own: node.target, folder: node.folder }) : '';
    const target = this.#context.sys.call('readlink', this.#context.resolve(node.path));
    return ` -> ${target}${mark}${node.loops ? '  [recursive, not followed]' : ''}`;
  }

  json(nodes: readonly Node[], indent: string): void {
    for (const [index, node] of nodes.entries()) {
      if (node.folder) this.folders += 1;
      else this.files += 1;
      const link = (node.own.mode & S_IFMT) === S_IFLNK;
      const comma = index === nodes.length - 1 ? '' : ',';
      const name = JSON.stringify(this.has('f') ? node.path : node.name);
      const target = link ? `,"target":${JSON.stringify(this.#arrow({ ...node, loops: false }).slice(4))}` : '';
      const head = `${indent}{"type":"${link ? 'link' : node.folder ? 'directory' : 'file'}","name":${name}${target}`;
      if (!node.children?.length) this.add(`${head}}${comma}`);
      else {
        this.add(`${head},"contents":[`);
        this.json(node.children, `${indent}  `);
        this.add(`${indent}]}${comma}`);
      }
    }
  }
}

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

export const tree: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'acdfghilnpqrstuvxACDFJQNSUXL:P:I:o:H:T:',
    long: {
      noreport: 'noreport',
      dirsfirst: 'dirsfirst',
      filesfirst: 'filesfirst',
      prune: 'prune',
      matchdirs: 'matchdirs',
      'ignore-case': 'ignore-case',
      'sort=': 'sort',
      'timefmt=': 'timefmt',
      'charset=': 'charset',
      'filelimit=': 'filelimit',
      version: 'version',
      metafirst: 'metafirst',
    },
  });
  if (options.problem) {
    const wrong = /'(.*)'/.exec(options.problem)?.[1] ?? '';
    const argument = options.problem.startsWith('unrecognized') ? `\`${wrong}'` : `-\`${wrong}'`;
    await context.complain(`Invalid argument ${argument}.\n${USAGE}`);
    return 1;
  }
  const level = lastValue(options, 'L');
  if (level !== undefined && !(Number(level) > 0)) {
    await context.complain('Invalid level, must be greater than 0.');
    return 1;
  }
  const forest = new Forest(context, options);
  const status = await (options.flags.has('J') ? drawJson : drawAll)(context, forest, options);
  const file = lastValue(options, 'o');
  if (file === undefined) await context.stdout.write(forest.text);
  else await writeFile(context, file, forest.text);
  return status;
};

/** The tree below a path; undefined for what is no folder. */
async function readRoot(
  context: UtilityContext,
  forest: Forest,
  path: string,
): Promise<{ own: Stat; nodes: Node[] } | undefined> {
  const own = context.sys.call('statOrNull', context.resolve(path), true);
  if (!own || (own.mode & S_IFMT) !== S_IFDIR) {
    if (own) forest.files += 1;
    return undefined;
  }
  return { own, nodes: (await forest.read({ path, stat: own, outer: undefined }, 1)) ?? [] };
}

const roots = (options: Options) => (options.operands.length > 0 ? options.operands : ['.']);

async function drawAll(context: UtilityContext, forest: Forest, options: Options): Promise<number> {
  let status = 0;
  for (const path of roots(options)) {
    const root = await readRoot(context, forest, path);
    if (root) {
      if (root.nodes.length > 0) forest.folders += 1;
      forest.root(path, root.own);
      forest.draw(root.nodes, '');
    } else {
      forest.add(`${path}  [error opening dir]`);
      if (!context.sys.call('statOrNull', context.resolve(path), true)) status = 2;
    }
  }
  const files = options.flags.has('d') ? '' : `, ${count(forest.files, 'file', 'files')}`;
  if (!options.flags.has('noreport')) forest.add(`\n${count(forest.folders, 'directory', 'directories')}${files}`);
  return status;
}

async function drawJson(context: UtilityContext, forest: Forest, options: Options): Promise<number> {
  let status = 0;
  forest.add('[');
  const all = roots(options);
  for (const [index, path] of all.entries()) {
    const root = await readRoot(context, forest, path);
    const end = index === all.length - 1 ? '' : ',';
    forest.add(`  {"type":"${root ? 'directory' : 'file'}","name":${JSON.stringify(path)},"contents":[`);
    if (root) {
      forest.folders += 1;
      forest.json(root.nodes, '    ');
    } else {
      forest.add('{"error": "error opening dir"}\n');
      status = 2;
    }
    forest.add(`  ]}${end}`);
  }
  if (!options.flags.has('noreport')) {
    const files = options.flags.has('d') ? '' : `,"files":${forest.files}`;
    forest.add(`,\n  {"type":"report","directories":${forest.folders}${files}}`);
  }
  forest.add(']');
  return status;
}
