/** git bisect: which commit brought what is wrong, by halving. Its state lies where git keeps it: BISECT_LOG and `refs/bisect`. */
import type { GitCall, GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import { GitError } from '../git-error.ts';
import { walkCommits } from '../history.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { listRefs, moveRef } from '../refs.ts';
import type { CommitInfo, Repository } from '../repository.ts';
import { checkout, moveTo } from './checkout.ts';
import { log, show } from './log.ts';

const FILES = ['LOG', 'START', 'NAMES', 'TERMS', 'EXPECTED_REV', 'ANCESTORS_OK', 'RUN'].map((name) => `BISECT_${name}`);
/** The exit code of the first that is found; others mean what they do in git. */
const FOUND = 10;

const USAGE = 'usage: git bisect [help|start|bad|good|new|old|terms|skip|next|reset|visualize|view|replay|log|run]';

export const bisect: GitCommand = async (call) => {
  const [action, ...args] = call.args;
  const repository = call.repository();
  if (action === undefined) throw new GitError(USAGE, 1, '', 'none');
  if (action === 'start') return visible(await start(call, args));
  if (action === 'reset') return await reset(call, args[0]);
  if (repository.readState('BISECT_START') === undefined)
    throw new GitError('You need to start by "git bisect start"\n', 1, '', 'none');
  const { bad, good } = termsOf(repository);
  if ([bad, 'bad', 'new'].includes(action)) return visible(await mark(call, bad, args));
  if ([good, 'good', 'old'].includes(action)) return visible(await mark(call, good, args));
  if (action === 'skip') return visible(await mark(call, 'skip', args));
  if (action === 'next') return visible(await next(call));
  if (action === 'run') return await run(call, args);
  if (action === 'log') {
    await call.print(repository.readState('BISECT_LOG') ?? '');
    return 0;
  }
  if (action === 'view' || action === 'visualize') return await view(call, args);
  if (action === 'terms') {
    await call.print(`Your current terms are ${good} for the old state\nand ${bad} for the new state.\n`);
    return 0;
  }
  throw new GitError(`unknown subcommand: \`${action}'\n${USAGE}`, 129, '', 'error');
};

const visible = (status: number): number => (status === FOUND ? 0 : status);

interface Terms {
  bad: string;
  good: string;
}

function termsOf(repository: Repository): Terms {
  const [bad = 'bad', good = 'good'] = (repository.readState('BISECT_TERMS') ?? 'bad\ngood').split('\n');
  return { bad, good };
}

const note = (repository: Repository, text: string): void =>
  repository.writeState('BISECT_LOG', (repository.readState('BISECT_LOG') ?? '') + text);

async function start(call: GitCall, args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    flags: 'no-checkout first-parent q',
    values: 'term-old term-good term-new term-bad',
    aliases: { 'term-good': 'term-old', 'term-bad': 'term-new' },
  });
  const repository = call.repository();
  const before =
    repository.readState('BISECT_START')?.trim() ?? repository.branch() ?? (await repository.resolve('HEAD'));
  await forget(repository);
  const terms = { bad: lastOf(options, 'term-new') ?? 'bad', good: lastOf(options, 'term-old') ?? 'good' };
  repository.writeState('BISECT_START', `${before}\n`);
  repository.writeState('BISECT_TERMS', `${terms.bad}\n${terms.good}\n`);
  repository.writeState('BISECT_NAMES', '\n');
  for (const [index, name] of options.words.entries()) {
    const oid = await commitNamed(repository, name);
    await remember(repository, index === 0 ? terms.bad : terms.good, oid);
    const commit = await repository.readCommit(oid);
    note(repository, `# ${index === 0 ? terms.bad : terms.good}: [${oid}] ${subject(commit)}\n`);
  }
  const quoted = args.map((arg) => ` '${arg.replaceAll("'", "'\\''")}'`).join('');
  note(repository, `git bisect start${quoted}\n`);
  const status = await next(call);
  if (status === 1) await forget(repository);
  return status;
}

async function commitNamed(repository: Repository, name: string): Promise<string> {
  const oid = await repository.tryResolve(name);
  if (oid === undefined) throw new GitError(`Bad rev input: ${name}`, 1, '', 'error');
  return (await repository.readCommit(oid)).oid;
}

async function remember(repository: Repository, term: string, oid: string): Promise<void> {
  const name = term === termsOf(repository).bad ? `refs/bisect/${term}` : `refs/bisect/${term}-${oid}`;
  await moveRef(repository, { name, before: undefined, after: oid, reason: `bisect: ${term}` });
}

async function forget(repository: Repository): Promise<void> {
  for (const { name, oid } of await listRefs(repository, 'refs/bisect'))
    await moveRef(repository, { name, before: oid, after: undefined, reason: '' });
  repository.writeState('refs/bisect', undefined);
  repository.writeState('logs/refs/bisect', undefined);
  for (const file of FILES) repository.writeState(file, undefined);
}

async function mark(call: GitCall, term: string, names: readonly string[]): Promise<number> {
  const repository = call.repository();
  for (const name of names.length === 0 ? ['HEAD'] : names) {
    const oid = await commitNamed(repository, name);
    await remember(repository, term, oid);
    note(repository, `# ${term}: [${oid}] ${subject(await repository.readCommit(oid))}\ngit bisect ${term} ${oid}\n`);
  }
  return await next(call);
}

interface Known {
  bad: string | undefined;
  good: string[];
  skipped: Set<string>;
}

async function knownOf(repository: Repository): Promise<Known> {
  const terms = termsOf(repository);
  const refs = await listRefs(repository, 'refs/bisect');
  const marked = (term: string) =>
    refs.filter(({ name }) => name.startsWith(`refs/bisect/${term}-`)).map(({ oid }) => oid);
  return {
    bad: refs.find(({ name }) => name === `refs/bisect/${terms.bad}`)?.oid,
    good: marked(terms.good),
    skipped: new Set(marked('skip')),
  };
}

/** Goes to the commit that halves what is left, or tells the one that is. */
async function next(call: GitCall): Promise<number> {
  const repository = call.repository();
  const terms = termsOf(repository);
  const { bad, good, skipped } = await knownOf(repository);
  if (bad === undefined || good.length === 0) {
    const count = good.length;
    const waiting =
      bad !== undefined
        ? 'waiting for good commit(s), bad commit known'
        : count === 0
          ? 'waiting for both good and bad commits'
          : `waiting for bad commit, ${count} good commit${count === 1 ? '' : 's'} known`;
    note(repository, `# status: ${waiting}\n`);
    await call.print(`status: ${waiting}\n`);
    return 0;
  }
  const below = await reachableFrom(repository, bad);
  if (good.some((oid) => !below.has(oid) || oid === bad)) {
    await call.warn(
      `Some ${terms.good} revs are not ancestors of the ${terms.bad} rev.\ngit bisect cannot work properly in this case.\nMaybe you mistook ${terms.good} and ${terms.bad} revs?\n`,
    );
    return 1;
  }
  const left = await suspects(repository, bad, good);
  const halves = halving(left, skipped);
  const chosen = halves.find(({ commit }) => !skipped.has(commit.oid)) ?? halves[0];
  if (!chosen || chosen.commit.oid === bad) {
    const unsure = left.filter(({ oid }) => skipped.has(oid));
    return unsure.length > 0 ? await tellSkipped(call, unsure, bad) : await tellFirst(call, bad);
  }
  const count = left.length - chosen.weight - 1;
  const steps = stepsFor(left.length);
  const plural = (number: number) => (number === 1 ? '' : 's');
  await call.print(
    `Bisecting: ${count} revision${plural(count)} left to test after this (roughly ${steps} step${plural(steps)})\n`,
  );
  await moveTo(repository, chosen.commit.oid);
  await repository.setHead(
    { oid: chosen.commit.oid },
    `checkout: moving from ${repository.branch() ?? (await repository.resolve('HEAD'))} to ${chosen.commit.oid}`,
  );
  repository.writeState('BISECT_EXPECTED_REV', `${chosen.commit.oid}\n`);
  await call.print(`[${chosen.commit.oid}] ${subject(chosen.commit)}\n`);
  return 0;
}

async function suspects(repository: Repository, bad: string, good: readonly string[]): Promise<CommitInfo[]> {
  const innocent = new Set<string>();
  for (const oid of good) for (const known of await reachableFrom(repository, oid)) innocent.add(known);
  return await walkCommits(repository, [bad], innocent);
}

interface Half {
  commit: CommitInfo;
  /** How many of the commits it stands on, itself too. */
  weight: number;
}

/** The commits, those first whose two parts are most alike; of equal ones that which is told first as git counts. */
function halving(left: readonly CommitInfo[], skipped: ReadonlySet<string>): Half[] {
  const known = new Map(left.map((commit) => [commit.oid, commit]));
  const weightOf = (start: CommitInfo): number => {
    const seen = new Set<string>();
    const queue = [start.oid];
    for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      queue.push(...(known.get(oid)?.parents ?? []).filter((parent) => known.has(parent)));
    }
    return seen.size;
  };
  const halves = left.map((commit) => ({ commit, weight: weightOf(commit) })).reverse();
  const value = ({ weight }: Half) => Math.min(weight, left.length - weight);
  const exact = halves.findIndex(({ weight }) => Math.abs(2 * weight - left.length) <= 1);
  const [first] = exact === -1 ? [] : halves.splice(exact, 1);
  halves.sort((a, b) => value(b) - value(a));
  // Near a commit that cannot be tested others often cannot either: git then looks further away.
  if (first && skipped.has(first.commit.oid)) return [...halves, first];
  return first ? [first, ...halves] : halves;
}

/** How often git thinks that there is still to be halved. */
function stepsFor(count: number): number {
  if (count < 3) return 0;
  const whole = Math.floor(Math.log2(count));
  return 2 ** whole < 3 * (count - 2 ** whole) ? whole : whole - 1;
}

async function tellFirst(call: GitCall, oid: string): Promise<number> {
  const repository = call.repository();
  const { bad } = termsOf(repository);
  note(repository, `# first ${bad} commit: [${oid}] ${subject(await repository.readCommit(oid))}\n`);
  await call.print(`${oid} is the first ${bad} commit\n`);
  await show({ ...call, args: ['--stat', '--summary', oid] });
  return FOUND;
}

async function tellSkipped(call: GitCall, unsure: readonly CommitInfo[], bad: string): Promise<number> {
  const terms = termsOf(call.repository());
  const lines = [...unsure.map(({ oid }) => oid), bad].map((oid) => `${oid}\n`).join('');
  await call.print(
    `There are only 'skip'ped commits left to test.\nThe first ${terms.bad} commit could be any of:\n${lines}We cannot bisect more!\n`,
  );
  return 2;
}

/** Runs a command for each commit: 0 is good, 125 cannot be tested, less than 128 is bad. */
async function run(call: GitCall, command: readonly string[]): Promise<number> {
  const repository = call.repository();
  if (command.length === 0) throw new GitError('bisect run failed: no command provided.', 1, '', 'error');
  const terms = termsOf(repository);
  const known = await knownOf(repository);
  if (known.bad === undefined || known.good.length === 0) return await next(call);
  const quoted = command.map((word) => `'${word.replace(/['!]/g, "'\\$&'")}'`).join(' ');
  for (;;) {
    await call.print(`running  ${quoted}\n`);
    await call.context.stdout.flush();
    const status = await call.context.run(['sh', '-c', quoted], { cwd: repository.root });
    if (status >= 128) {
      await call.warn(`error: bisect run failed: exit code ${status} from ' ${quoted}' is < 0 or >= 128\n`);
      return status % 128;
    }
    const term = status === 0 ? terms.good : status === 125 ? 'skip' : terms.bad;
    const found = await mark(call, term, []);
    if (found === FOUND) {
      await call.print('bisect found first bad commit');
      return 0;
    }
    if (found !== 0) {
      await call.warn('error: bisect run cannot continue any more\n');
      return found;
    }
  }
}

async function view(call: GitCall, args: readonly string[]): Promise<number> {
  const { bad, good } = await knownOf(call.repository());
  return await log({ ...call, args: [...args, ...(bad === undefined ? [] : [bad]), ...good.map((oid) => `^${oid}`)] });
}

async function reset(call: GitCall, given: string | undefined): Promise<number> {
  const repository = call.repository();
  const before = repository.readState('BISECT_START')?.trim();
  if (before === undefined) {
    await call.print('We are not bisecting.\n');
    return 0;
  }
  const status = await checkout({ ...call, args: [given ?? before] });
  await forget(repository);
  return status;
}
