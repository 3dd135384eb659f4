import type { BindingFactory } from '../context.ts';
import { unsupported } from '../crypto/errors.ts';

/** `internalBinding('internal_only_v8')`: a browser does not list the objects of its heap. */
export const internalOnlyV8: BindingFactory = (context) => ({
  queryObjects: (): never => {
    throw unsupported(context, 'v8.queryObjects');
  },
});
