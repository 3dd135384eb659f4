/** Which files of a project one prompt should hold: those that the failing tests and the goal are about, as far as there is room. */
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import type { ImportGraph } from '../code/imports/import-graph.ts';
import { importGraph } from '../code/imports/import-graph.ts';
import { testFiles } from '../code/runner/test-files.ts';
import type { Verification } from '../workspace/verification.ts';

export interface ChosenFiles {
  /** The likeliest first. */
  readonly shown: readonly { readonly path: string; readonly text: string }[];
  /** Chosen, but too large for the room that was left. */
  readonly left: readonly string[];
}

export interface Wanted {
  readonly goal: string;
  readonly verification: Verification;
  /** Characters of all files together. */
  readonly room: number;
  /** Why a path may not be shown; null when it may. */
  readonly refuse: (path: string) => string | null;
}

/** Written by tools, and told by package.json. */
const GENERATED =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|[^/]+\.min\.js|[^/]+\.map)$/;
const CODE = /\.([cm]?[jt]sx?|json|vue|svelte|coffee)$/;

export async function chooseFiles(files: Files, { goal, verification, room, refuse }: Wanted): Promise<ChosenFiles> {
  const shown: { path: string; text: string }[] = [];
  const left: string[] = [];
  let rest = room;
  for (const path of await rankPaths(files, goal, verification)) {
    const text = contentAt(files, path);
    if (typeof text !== 'string' || GENERATED.test(path) || refuse(path) !== null) continue;
    if (text.length > rest) {
      left.push(path);
      continue;
    }
    rest -= text.length;
    shown.push({ path, text });
  }
  return { shown, left };
}

/** Failing tests, what they name and reach, what the goal names, then all other code, small files first. */
async function rankPaths(files: Files, goal: string, verification: Verification): Promise<readonly string[]> {
  const paths = Object.keys(files);
  const tests = failingTests(files, verification);
  const named = paths.filter((path) => isNamed(path, verification.output) || isNamed(path, goal));
  const reached = reachedFrom(await importGraph(files), [...tests, ...named]);
  const size = (path: string) => {
    const text = contentAt(files, path);
    return typeof text === 'string' ? text.length : Number.POSITIVE_INFINITY;
  };
  const others = paths.filter((path) => CODE.test(path)).sort((one, other) => size(one) - size(other));
  return [...new Set([...named, ...tests, ...reached, ...others])];
}

function isNamed(path: string, text: string): boolean {
  const at = text.indexOf(path);
  return at !== -1 && !/[\w-]/.test(text[at + path.length] ?? ' ');
}

/** The files of failing tests, by the reporter's word or by the title that stands in them. */
function failingTests(files: Files, { verdict }: Verification): readonly string[] {
  const failed = verdict.tests.filter(({ status }) => status === 'failed');
  const titles = failed.flatMap(({ name }) => name.slice(-1)).filter((title) => title.length > 3);
  const byReport = failed.flatMap(({ file }) => Object.keys(files).filter((path) => file?.endsWith(path)));
  const all = testFiles(files, null);
  const byTitle = all.filter((path) => {
    const text = contentAt(files, path);
    return typeof text === 'string' && titles.some((title) => text.includes(title));
  });
  const found = [...new Set([...byReport, ...byTitle])];
  return found.length > 0 ? found : all;
}

/** Everything that these import, directly or not, the nearest first. */
function reachedFrom(graph: ImportGraph, from: readonly string[]): readonly string[] {
  const found = new Set(from);
  for (const path of found)
    for (const { target } of graph.importsOf(path)) if (target.kind === 'file') found.add(target.path);
  return [...found];
}
