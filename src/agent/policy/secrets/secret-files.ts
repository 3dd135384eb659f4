/** The files with secrets of a project, taken out of reach while a run lasts. */
import type { WorkingCopy } from '../../../sandbox/sandbox.ts';
import { contentToBytes } from '../../../session/content.ts';
import { type FileChange, isNpmSettings } from '../../../session/files.ts';
import { isSecretPath } from '../paths.ts';
import { type Masked, type MaskedFile, maskEnvFile, maskKeyFile, maskSettings } from './env-files.ts';

export interface SecretFiles {
  readonly real: readonly FileChange[];
  readonly masked: readonly MaskedFile[];
  readonly values: readonly string[];
}

function maskFile(path: string, text: string): Masked {
  if (isNpmSettings(path)) return maskSettings(text);
  return /(^|\/)\.env[^/]*$/i.test(path) ? maskEnvFile(text) : maskKeyFile(text);
}

/** What there is; nothing is changed. */
export async function findSecretFiles(copy: WorkingCopy, omitted: readonly string[]): Promise<SecretFiles> {
  const real: FileChange[] = [];
  const masked: MaskedFile[] = [];
  const values: string[] = [];
  for (const path of omitted.filter((each) => !each.endsWith('/') && isSecretPath(each))) {
    const content = await copy.read(path);
    if (content === null) continue;
    const mask = maskFile(
      path,
      typeof content === 'string' ? content : new TextDecoder().decode(contentToBytes(content)),
    );
    real.push({ path, content });
    masked.push({ path, content: mask.content });
    values.push(...mask.values);
  }
  return { real, masked, values };
}
