/** What a key in a message is made of: its material, with the curve by its name. */
import { findCurve } from './curves.ts';
import { type KeyMaterial, materialOf, setMaterial } from './key-material.ts';

export function contentOfKey(handle: unknown): unknown {
  const material = materialOf(handle);
  if (material === undefined) throw new TypeError('an empty handle');
  if (material.kind === 'secret' || material.key.type !== 'ec') return material;
  return { kind: material.kind, key: { ...material.key, curve: material.key.curve.name } };
}

/** Gives the handle what `contentOfKey` took from another, and returns it. */
export function restoreKey(handle: object, content: unknown): object {
  const material = content as KeyMaterial;
  if (material.kind === 'secret' || material.key.type !== 'ec') setMaterial(handle, material);
  else {
    const curve = findCurve(String(material.key.curve));
    if (curve === undefined) throw new TypeError('an unknown curve');
    setMaterial(handle, { kind: material.kind, key: { ...material.key, curve } });
  }
  return handle;
}
