/** Files and changes as data: what trees are made of. */

/** Bytes that are not valid UTF-8. */
export interface BinaryContent {
  readonly base64: string;
}

/** A file's content: text whenever its bytes are valid UTF-8 (a byte order mark is kept), so that encoding it gives the bytes back. */
export type Content = string | BinaryContent;

/** Relative POSIX path ("src/a.js", no leading "./") -> content. */
export type Files = Readonly<Record<string, Content>>;

const ENV = /(^|\/)\.env[^/]*$/i;
/** What says which variables there are, for people to fill in. */
const SAMPLE = /(^|\/)\.env[^/]*[.\-_](?:example|sample|template|dist|defaults?)$/i;
/** Keys and passwords of tools, by the names that the tools give them. */
const CREDENTIALS =
  /(^|\/)(?:\.netrc|\.git-credentials|\.pgpass|\.pypirc|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh\/(?!.*\.pub$).+|\.gnupg\/.+|\.aws\/credentials|\.docker\/config\.json|\.kube\/config)$/i;
const NPM_SETTINGS = /(^|\/)\.(?:npmrc|yarnrc(?:\.yml)?)$/i;
const TOKEN = /_auth|_password|authtoken|authident/i;

/** Files that hold secrets by their name: `.env`, `.env.local`, `.envrc`, `id_rsa`; not `.env.example` and its like. */
export const isSecretFile = (path: string): boolean => (ENV.test(path) && !SAMPLE.test(path)) || CREDENTIALS.test(path);

/** npm's settings may hold a token: whether they do, only their text tells. */
export const isNpmSettings = (path: string): boolean => NPM_SETTINGS.test(path);
export const holdsToken = (text: string): boolean => TOKEN.test(text);

/** One file's change; `null` removes it. */
export interface FileChange {
  readonly path: string;
  readonly content: Content | null;
}
