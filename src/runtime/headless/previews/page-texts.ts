/**
 * Trusted types of a page of a preview. Its policy asks for them, so that our script hears of an address of `javascript:` before it runs:
 * what such an address comes to would become a document without our scripts. All other texts pass as they are. Workers with a text of
 * their own inherit the policy of their page: they get a script in front that lets their texts pass, too.
 */

type Rule = (text: string, type: string, sink: string) => string;
interface Factory {
  createPolicy(name: string, rules: Readonly<Record<string, Rule>>): unknown;
}
export type TextRealm = object & {
  trustedTypes?: Factory;
  TrustedTypePolicyFactory?: { prototype: Factory };
  Blob: typeof Blob;
  URL: typeof URL;
  Worker?: typeof Worker;
  SharedWorker?: typeof SharedWorker;
};

/**
 * For each window, and for Workers with a text of their own. Travels as text: it may use nothing but its arguments and what a page has.
 * It also works behind the page's own code. `source` is its own text.
 */
export function passTexts(realm: TextRealm, source: string): void {
  const { trustedTypes, Blob: Bytes } = realm;
  if (!trustedTypes) return;
  const { apply, construct, defineProperty } = Reflect;
  const same: Rule = (text) => text;
  trustedTypes.createPolicy('default', {
    createHTML: same,
    createScriptURL: same,
    // The value of the script is a document where it is a text.
    createScript: (text, _type, sink) => (sink === 'Location href' ? `${text}\n;void 0` : text),
  });
  const define = (holder: object, name: string, value: unknown) =>
    defineProperty(holder, name, { __proto__: null, value, writable: true, configurable: true } as object);

  const factory = realm.TrustedTypePolicyFactory?.prototype;
  const { createPolicy } = trustedTypes;
  // There is one of this name, and nothing asks for the page's.
  if (factory)
    define(factory, 'createPolicy', function (this: Factory, name: string, ...rules: unknown[]) {
      const given = `${name}`;
      return apply(createPolicy, this, [given === 'default' ? 'default-of-page' : given, ...rules]);
    });

  const { createObjectURL, revokeObjectURL } = realm.URL;
  const blobs = new Map<string, Blob>();
  const wrappers = new Map<string, string>();
  const { get, set } = Map.prototype as { get: Map<string, unknown>['get']; set: Map<string, unknown>['set'] };
  const remove = Map.prototype.delete;
  const startsWith = String.prototype.startsWith;
  const stringify = JSON.stringify;
  define(realm.URL, 'createObjectURL', (object: Blob) => {
    const address = apply(createObjectURL, realm.URL, [object]);
    apply(set, blobs, [address, object]);
    return address;
  });
  define(realm.URL, 'revokeObjectURL', (address: string) => {
    apply(remove, blobs, [`${address}`]);
    apply(revokeObjectURL, realm.URL, [address]);
  });
  /** Of a script that runs ours and then the one of this address, of which a Worker may be made after it was revoked. */
  const wrapper = (address: string, isModule: boolean): string => {
    const key = isModule + address;
    const known = apply(get, wrappers, [key]) as string | undefined;
    if (known !== undefined) return known;
    const blob = apply(get, blobs, [address]) as Blob | undefined;
    const script = blob ? apply(createObjectURL, realm.URL, [blob]) : address;
    const first = `(${source})(self,${stringify(source)})`;
    const addressOf = (text: string) =>
      apply(createObjectURL, realm.URL, [new Bytes([text], { type: 'text/javascript' })]) as string;
    const made = addressOf(
      isModule
        ? `import ${stringify(addressOf(first))};import ${stringify(script)}`
        : `${first};importScripts(${stringify(script)})`,
    );
    apply(set, wrappers, [key, made]);
    return made;
  };
  const wrapped = <Class extends typeof Worker | typeof SharedWorker>(native: Class): Class =>
    new Proxy(native, {
      __proto__: null,
      construct(target: Class, args: [unknown, (WorkerOptions | string)?], newTarget: Class) {
        const given = `${args[0]}`;
        const [, options] = args;
        const isOwnText = apply(startsWith, given, ['blob:']) || apply(startsWith, given, ['data:']);
        const isModule = typeof options === 'object' && options !== null && options.type === 'module';
        args[0] = isOwnText ? wrapper(given, isModule) : given;
        return construct(target, args, newTarget);
      },
    } as ProxyHandler<Class>);
  if (realm.Worker) define(realm, 'Worker', wrapped(realm.Worker));
  if (realm.SharedWorker) define(realm, 'SharedWorker', wrapped(realm.SharedWorker));
}
