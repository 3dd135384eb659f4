/** Globs of what decides how the work is judged. */

/** What is protected when a task names nothing: the tests. */
export const DEFAULT_PROTECTED: readonly string[] = [
  '**/*.{test,spec}.*',
  '**/{test,tests,__tests__,__snapshots__}/**',
  '**/test.{js,mjs,cjs,ts,mts,cts}',
];

/** What says which tests run, and how: protected unless the task lists it in `editable`. */
export const RUNNER_SETTINGS: readonly string[] = [
  '**/{jest,vitest,vite,ava,mocha,karma,babel,nyc,playwright,cypress,web-test-runner,node}.config.*',
  '**/vitest.{workspace,projects}.*',
  '**/{jest,vitest,mocha,test,tests}{.,-}setup.*',
  '**/setuptests.*',
  '**/.{mocharc,taprc,babelrc,nycrc,c8rc,swcrc}*',
  // What git ignores no snapshot shows.
  '**/.gitignore',
  // It may name another shell, or options for every Node.
  '**/{.npmrc,.yarnrc,.yarnrc.yml,.pnpmfile.cjs,pnpm-workspace.yaml}',
];

export const LOCK_FILES: readonly string[] = [
  '**/{package-lock,npm-shrinkwrap}.json',
  '**/{yarn,pnpm-lock,bun}.{lock,yaml}',
];
