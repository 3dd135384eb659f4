import { decodePack, type PackedFile } from '../pack.ts';

/** What the command line has published at this address. Rejects when it is not there. */
export async function fetchPack(url: string): Promise<PackedFile[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return decodePack(new Uint8Array(await response.arrayBuffer()));
}
