import type { ProcessCore } from '../core.ts';

/** Remembers what the guest's proxies stand for: V8 tells C++, but not JavaScript. */
export function trackProxies(core: ProcessCore): void {
  const { proxies } = core;
  const HostProxy = core.host.Proxy;
  const TrackedProxy = function (this: unknown, target: object, handler: ProxyHandler<object>) {
    if (!new.target) throw new TypeError("Constructor Proxy requires 'new'");
    const proxy = new HostProxy(target, handler);
    proxies.set(proxy, [target, handler]);
    return proxy;
  };
  Object.defineProperty(TrackedProxy, 'name', { value: 'Proxy' });
  // A method: it has the name of its key, whatever a minifier makes of names, and no prototype.
  const { revocable } = {
    revocable(target: object, handler: ProxyHandler<object>) {
      const result = HostProxy.revocable(target, handler);
      const details: [unknown, unknown] = [target, handler];
      proxies.set(result.proxy, details);
      const { revoke } = result;
      result.revoke = () => {
        details.fill(null);
        revoke();
      };
      return result;
    },
  };
  Object.defineProperty(TrackedProxy, 'revocable', { configurable: true, writable: true, value: revocable });
  // A constructor without a prototype, as the real one.
  TrackedProxy.prototype = undefined;
  Object.defineProperty(core.global, 'Proxy', {
    value: TrackedProxy,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
