import type { BindingFactory } from '../context.ts';
import { handleClasses } from '../streams/handle-wrap.ts';
import { tlsPartOf } from '../tls/lazy-part.ts';

type Constructor = new (...args: unknown[]) => object;

/**
 * `internalBinding('tls_wrap')`. The library puts methods of its own on the class as soon as it is loaded; what is behind them is
 * loaded when the first connection is made.
 */
export const tlsWrap: BindingFactory = (context) => {
  const { AsyncWrap } = handleClasses(context);
  const part = tlsPartOf(context);

  class TLSWrap extends AsyncWrap {}

  return {
    ...context.described('tls_wrap'),
    TLSWrap,
    wrap(...args: unknown[]): object {
      const Loaded = part.get('TLSWrap') as Constructor;
      if (Object.getPrototypeOf(TLSWrap.prototype) !== Loaded.prototype) {
        Object.setPrototypeOf(TLSWrap.prototype, Loaded.prototype as object);
      }
      return Reflect.construct(Loaded, args, TLSWrap);
    },
  };
};
