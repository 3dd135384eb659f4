/** OpenSSL's names of methods, as `secureProtocol` gives them. */
import { TLS12, TLS13 } from './engine/suites.ts';

export interface Method {
  /** Versions; 0: as by default. */
  least: number;
  most: number;
  side: 'client' | 'server' | null;
}

const TLS10 = 0x301;
const TLS11 = 0x302;
const FAMILIES: Readonly<Record<string, [least: number, most: number]>> = {
  SSLv23: [0, TLS12],
  TLS: [TLS10, TLS13],
  TLSv1: [TLS10, TLS10],
  TLSv1_1: [TLS11, TLS11],
  TLSv1_2: [TLS12, TLS12],
};

/** What is wrong with the name, as a text. */
export function readMethod(name: string): Method | string {
  const match = /^(SSLv2|SSLv3|SSLv23|TLSv1|TLSv1_1|TLSv1_2|TLS)_(?:(client|server)_)?method$/.exec(name);
  const [, family = '', side] = match ?? [];
  if (family === 'SSLv2' || family === 'SSLv3') return `${family} methods disabled`;
  const versions = FAMILIES[family];
  if (versions === undefined) return `Unknown method: ${name}`;
  return { least: versions[0], most: versions[1], side: side === 'client' || side === 'server' ? side : null };
}
