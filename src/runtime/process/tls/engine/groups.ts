/** The groups of the key agreement. */

export interface NamedGroup {
  id: number;
  /** OpenSSL's name. */
  name: string;
  /** Size that OpenSSL tells of an ephemeral key; undefined where it tells nothing. */
  bits?: number;
}

/** In OpenSSL's order of preference. */
export const GROUPS: readonly NamedGroup[] = [
  { id: 0x11ec, name: 'X25519MLKEM768' },
  { id: 0x1d, name: 'X25519', bits: 253 },
  { id: 0x17, name: 'prime256v1', bits: 256 },
  { id: 0x1e, name: 'X448', bits: 448 },
  { id: 0x18, name: 'secp384r1', bits: 384 },
  { id: 0x19, name: 'secp521r1', bits: 521 },
];

const ALIASES: Readonly<Record<string, string>> = {
  'p-256': 'prime256v1',
  secp256r1: 'prime256v1',
  'p-384': 'secp384r1',
  'p-521': 'secp521r1',
};

/** By any of OpenSSL's names for it. */
export function groupNamed(name: string): NamedGroup | undefined {
  const lower = name.toLowerCase();
  const known = (ALIASES[lower] ?? lower).toLowerCase();
  return GROUPS.find((group) => group.name.toLowerCase() === known);
}

export const groupOf = (id: number): NamedGroup | undefined => GROUPS.find((group) => group.id === id);

/** There are none of them in TLS 1.2. */
export const isHybrid = (group: NamedGroup): boolean => group.name === 'X25519MLKEM768';
