/** Addresses of the loopback, and connections between them, as system calls tell of them. */

/** One end of a TCP connection. */
export interface Connected {
  fd: number;
  local: Endpoint;
  remote: Endpoint;
  /** The other end has the same number, and no other connection of this sandbox. */
  connection: number;
}

/** Address of one end of a loopback connection. */
export interface Endpoint {
  address: string;
  port: number;
}

export interface BindOptions {
  ipv6Only?: boolean;
  /** Several sockets that all say so may have one address: the last one receives. */
  reuseAddress?: boolean;
}

export interface ListenOptions {
  /** `::` is not for IPv4 too. */
  ipv6Only?: boolean;
  /** Several listeners that all say so may share an address; connections go to them by turns. */
  reusePort?: boolean;
}
