/** What stands in place of a secret. */
export const maskFor = (kind: string): string => `‹redacted: ${kind}›`;
