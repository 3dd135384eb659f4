/**
 * The direction of imports (see CONTRIBUTING.md). A violation fails `npm test`.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^src/${from}/`, pathNot: '\\.test(-support)?\\.tsx?$' },
  to: { path: '^src/', pathNot: [`^src/${from}/`, ...allowed.map((folder) => `^src/${folder}`)] },
});
const single = (name, module, path) => ({
  name,
  severity: 'error',
  comment: `${module} is imported in one place only: ${path}`,
  from: { path: '^src/', pathNot: `^${path}` },
  to: { path: `node_modules/${module}/` },
});
/** Data types that other folders may know. */
const DATA = ['session/(events|values|files|content|apply-changes)\\.ts$', 'task/task\\.ts$'];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      // An interpreter is recursive: a command may hold a script, and npm runs scripts in the shell that runs npm.
      from: { pathNot: '^src/runtime/(shell|npm)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('runtime-alone', 'runtime', [], 'The runtime imports nothing else of ours.'),
    only('sandbox-knows-data', 'sandbox', DATA, 'The sandbox knows data types only.'),
    only('session-knows-data', 'session', DATA, 'The session knows data types only.'),
    only('task-knows-data', 'task', DATA, 'Tasks know data types only.'),
    only('model-knows-data', 'model', DATA, 'Models know data types only.'),
    only(
      'agent-knows-interfaces',
      'agent',
      ['sandbox/sandbox\\.ts$', 'model/model\\.ts$', 'session/', 'task/', 'share/(find-in-text|mask)\\.ts$'],
      'The agent knows the interfaces Sandbox and Model, never their implementations; what a secret looks like, sharing tells it.',
    ),
    only('share-knows-session', 'share', ['session/', 'task/task\\.ts$'], 'Sharing knows the session.'),
    {
      name: 'agent-without-ui',
      severity: 'error',
      from: { path: '^src/(agent|session|share|model|task|sandbox|runtime)/' },
      to: { path: 'node_modules/(react|react-dom|monaco-editor)/' },
    },
    single('webcontainer-once', '@webcontainer/api', 'src/sandbox/container/webcontainer\\.ts$'),
    single('openai-once', 'openai', 'src/model/openai/'),
    single('monaco-once', 'monaco-editor', 'src/app/monaco/'),
    {
      name: 'zustand-in-session',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/session/' },
      to: { path: 'node_modules/zustand/' },
    },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' } },
};
