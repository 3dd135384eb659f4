/** Rules for commands: patterns with wildcards, held against each simple command after it was parsed. */

export type Decision = 'allow' | 'ask' | 'deny';

export interface CommandRules {
  readonly allow?: readonly string[];
  readonly ask?: readonly string[];
  readonly deny?: readonly string[];
}

/** What is at stake when it is asked: what happens with nobody there depends on it. */
export type Stake = 'network' | 'install' | 'delete' | 'git' | 'unclear' | 'code' | 'program' | 'each' | 'finish';

export interface RuleHit {
  readonly decision: Decision;
  readonly stake: Stake;
  readonly reason: string;
}

/** `*` stands for any text; " *" at the end also for nothing: "npm test *" is "npm test" too. */
function matchesPattern(pattern: string, command: string): boolean {
  const body = pattern.endsWith(' *') ? pattern.slice(0, -2) : pattern;
  const tail = pattern.endsWith(' *') ? '(?: [\\s\\S]*)?' : '';
  const source = body
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('[\\s\\S]*');
  return new RegExp(`^${source}${tail}$`).test(command);
}

/** The rules of the task, of the settings or of the person: deny wins over ask, ask over allow. */
export function ruleFor(command: string, rules: CommandRules): RuleHit | null {
  for (const decision of ['deny', 'ask', 'allow'] as const) {
    const pattern = rules[decision]?.find((each) => matchesPattern(each, command));
    if (pattern !== undefined) return { decision, stake: 'each', reason: `The rule "${pattern}" says ${decision}.` };
  }
  return null;
}

const group = (decision: Decision, stake: Stake, reason: string, patterns: string) =>
  patterns
    .split(',')
    .map((pattern) => ({ pattern: pattern.trim(), hit: { decision, stake, reason } satisfies RuleHit }));

/** The first that matches counts. */
const BUILT_IN: readonly { readonly pattern: string; readonly hit: RuleHit }[] = [
  ...group(
    'allow',
    'git',
    '',
    'git config --get *,git config --list *,git config -l *,git config user.name,git config user.email,npm config get *,npm config list *',
  ),
  ...group(
    'deny',
    'git',
    "git's settings can name programs that git starts, so they stay as they are.",
    'git config *,git daemon *,git credential *',
  ),
  ...group(
    'deny',
    'install',
    "npm's settings and accounts stay as they are.",
    'npm config *,npm set *,npm login *,npm adduser *,npm logout *,npm token *,npm owner *,npm access *,npm profile *,npm hook *',
  ),
  ...group(
    'deny',
    'program',
    'Edit package.json as a file: what may change in it is judged there.',
    'npm pkg set *,npm pkg delete *,npm pkg fix *',
  ),
  ...group(
    'deny',
    'network',
    'Nothing is published from here.',
    'npm publish *,npm unpublish *,npm deprecate *,npm dist-tag *,npm star *,yarn publish *,pnpm publish *,yarn npm publish *',
  ),
  ...group('ask', 'network', 'It sends the code to another machine.', 'git push *,git send-email *,git request-pull *'),
  ...group(
    'ask',
    'network',
    'It uses the network.',
    'git clone *,git fetch *,git pull *,git ls-remote *,git remote add *,git remote set-url *,git remote update *,git submodule *,git lfs *,git archive --remote*',
  ),
  ...group(
    'ask',
    'network',
    'It uses the network.',
    'curl *,wget *,nc *,ncat *,netcat *,socat *,telnet *,ssh *,scp *,sftp *,rsync *,ftp *,ping *,dig *,nslookup *,host *,openssl s_client *',
  ),
  ...group(
    'ask',
    'network',
    "It uses npm's registry.",
    'npm view *,npm info *,npm show *,npm search *,npm audit *,npm outdated *,npm ping *,npm whoami *,npm docs *,npm home *,npm repo *,npm bugs *,npm fund *,npm doctor *,npm init *,npm create *,npm innit *',
  ),
  ...group(
    'ask',
    'install',
    'It installs packages: code from elsewhere.',
    'npm install *,npm i *,npm in *,npm ins *,npm add *,npm ci *,npm clean-install *,npm isntall *,npm update *,npm up *,npm upgrade *,npm install-test *,npm it *,npm install-ci-test *,npm cit *,npm dedupe *,npm rebuild *,npm link *,npm ln *,yarn,yarn add *,yarn install *,yarn up *,yarn upgrade *,pnpm add *,pnpm install *,pnpm i *,pnpm update *,bun add *,bun install *,corepack *',
  ),
  ...group(
    'ask',
    'install',
    'It removes installed packages.',
    'npm uninstall *,npm un *,npm remove *,npm rm *,npm r *,npm unlink *,npm prune *,yarn remove *,pnpm remove *,pnpm rm *',
  ),
  ...group('deny', 'delete', 'It would remove installed code, too.', 'git clean *x*,git clean *X*'),
  ...group(
    'ask',
    'delete',
    'It throws changes away.',
    'git checkout -- *,git checkout . *,git restore *,git reset --hard *,git clean *,git stash,git stash push *,git stash save *,git stash -*,git stash drop *,git stash clear *,git branch -D *',
  ),
  ...group(
    'ask',
    'git',
    "It changes git's history.",
    'git commit *,git rebase *,git merge *,git cherry-pick *,git revert *,git reset *,git am *,git tag *,git filter-branch *,git update-ref *,git gc *,git reflog *,git hook *,git worktree *',
  ),
  ...group('allow', 'git', '', 'git *'),
  ...group(
    'allow',
    'program',
    '',
    'npm run *,npm run-script *,npm rum *,npm urn *,npm test *,npm t *,npm tst *,npm start *,npm,npm stop *,npm restart *,npm exec *,npm x *,npm ls *,npm ll *,npm list *,npm pkg get *,npm prefix *,npm root *,npm bin *,npm explain *,npm why *,npm help *,npm --version,npm -v,npm version,npm pack *,npm query *,npm completion *',
  ),
  ...group(
    'allow',
    'program',
    '',
    'yarn run *,yarn test *,yarn node *,pnpm run *,pnpm test *,pnpm exec *,npx *,pnpx *',
  ),
  // npm takes abbreviations: what is none of these may be any of those.
  ...group('ask', 'install', 'This command of a package manager is not known here.', 'npm *,yarn *,pnpm *,bun *'),
];

/** Programs that do nothing but what their files and the outcome show. */
const PLAIN = new Set(
  (
    'node nodejs cat head tail less more ls ll dir pwd cd pushd popd dirs echo printf true false : test [ [[ grep egrep fgrep rg ag find fd sort uniq wc cut tr sed awk gawk mawk ' +
    'diff cmp comm cp mv rm rmdir mkdir touch ln chmod tee truncate basename dirname realpath readlink file stat du df date sleep seq yes env printenv export set unset shift local declare typeset ' +
    'readonly read exit return break continue wait jobs kill command builtin exec nohup time timeout nice stdbuf xargs which type hash whereis alias unalias trap eval source . sh bash dash ash zsh ' +
    'base64 xxd od hexdump md5sum sha1sum sha256sum sha512sum cksum tar gzip gunzip zcat zip unzip patch expr bc getopts let umask ulimit id whoami uname hostname tput clear tree column ' +
    'nl fold fmt paste join split expand unexpand rev tac strings jq install unlink dd mktemp git npx tsc eslint prettier biome jest mocha vitest ava tap tape uvu c8 nyc tsx ts-node ' +
    'call nproc free ps top history times shopt cross-env env-cmd standard xo swc esbuild rollup vite webpack babel node-tap lerna turbo nx mapfile readarray printenv logname tty shuf cal apply'
  ).split(' '),
);

export function builtInRuleFor(command: string, name: string): RuleHit {
  const found = BUILT_IN.find(({ pattern }) => matchesPattern(pattern, command));
  if (found) return found.hit;
  if (PLAIN.has(name) || name.includes('/')) return { decision: 'allow', stake: 'program', reason: '' };
  return { decision: 'ask', stake: 'program', reason: `What "${name}" does is not known here.` };
}
