/** One script of the runtime, and the packages whose code is in it. */
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

export interface BundleInput extends Pick<BuildOptions, 'banner' | 'footer' | 'external' | 'globalName' | 'plugins'> {
  /** The project's folder. */
  root: string;
  /** Path below it. */
  entryPoint: string;
}

export interface Bundle {
  text: string;
  /** Folders of the packages, absolute. */
  packages: Set<string>;
}

/** Identifiers stay: the names of classes and functions show in what guest programs print. Throws with esbuild's message. */
export async function bundle({ root, entryPoint, ...more }: BundleInput): Promise<Bundle> {
  const result = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'inline',
    // Of packages that speak to their developer otherwise.
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    absWorkingDir: root,
    ...more,
  });
  const packages = new Set<string>();
  for (const input of Object.keys(result.metafile.inputs)) {
    const folder = packageFolderOf(input);
    if (folder !== null) packages.add(join(root, folder));
  }
  return { text: result.outputFiles[0]?.text ?? '', packages };
}

/** "node_modules/@noble/hashes/sha2.js" -> "node_modules/@noble/hashes"; null for a file of ours. */
export function packageFolderOf(path: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;
}
