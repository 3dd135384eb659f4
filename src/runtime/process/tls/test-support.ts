/** For tests: the services of this runtime's crypto under Node, and a connection with the settings that programs mostly have. */
import { readBinaries } from '../../library/parts.ts';
import type { ProcessContext } from '../context.ts';
import { type CryptoServices, createServices } from '../crypto/services.ts';
import { tlsCrypto } from '../crypto/tls-services.ts';
import { Connection } from './engine/connection.ts';
import { DEFAULT_HOOKS, DEFAULT_SETTINGS } from './engine/default-settings.ts';
import type { Hooks, Settings } from './engine/settings.ts';
import type { TlsCrypto } from './engine/tls-crypto.ts';

export async function testServices(): Promise<{ services: CryptoServices; crypto: TlsCrypto }> {
  const binaries = await readBinaries(process.cwd());
  const binaryOf = (name: string): Uint8Array<ArrayBuffer> => {
    const bytes = binaries.get(name);
    if (bytes === undefined) throw new Error(`no binary ${name}`);
    return new Uint8Array(bytes);
  };
  const context = {
    global: globalThis,
    host: { WebAssembly, crypto: globalThis.crypto },
    partBytes: binaryOf,
    require: () => ({ Buffer }),
    makeError: (make: () => Error) => make(),
    process,
  };
  const services = createServices(context as unknown as ProcessContext, (key) => key);
  return { services, crypto: tlsCrypto(services) };
}

export function testConnection(crypto: TlsCrypto, settings: Partial<Settings>, hooks: Partial<Hooks> = {}): Connection {
  return new Connection({
    crypto,
    settings: { ...DEFAULT_SETTINGS, ticketKeys: new Uint8Array(48).fill(7), ...settings },
    hooks: { ...DEFAULT_HOOKS, ...hooks },
  });
}
