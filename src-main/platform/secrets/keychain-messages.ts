/** What the keychain's thread or process is asked. Values travel in messages only: no argument, no environment. */
export type KeychainRequest = { readonly id: number; readonly account: string } & (
  | { readonly kind: 'get' }
  | { readonly kind: 'set'; readonly bytes: Uint8Array }
  | { readonly kind: 'remove' }
  /** Writes, reads and removes an entry of its own. */
  | { readonly kind: 'probe' }
);

export type KeychainReply =
  | { readonly id: number; readonly ok: true; readonly bytes: Uint8Array | null }
  /** `reason` is what the system said. */
  | { readonly id: number; readonly ok: false; readonly reason: string };
