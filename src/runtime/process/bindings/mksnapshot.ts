import type { BindingFactory } from '../context.ts';

/** `internalBinding('mksnapshot')`: no snapshot is ever built. */
export const mksnapshot: BindingFactory = (context) => ({
  ...context.described('mksnapshot'),
  isBuildingSnapshotBuffer: new Uint8Array(1),
  setSerializeCallback: () => undefined,
  setDeserializeCallback: () => undefined,
  setDeserializeMainFunction: () => undefined,
  runEmbedderPreload: () => undefined,
});
