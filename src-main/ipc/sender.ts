/** What of a message's sender is looked at: the frame is null once it is gone. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

export interface MessageSender {
  readonly frame: SenderFrame | null | undefined;
  readonly webContentsId: number;
}

export interface TrustedSenders {
  add(webContentsId: number): void;
  remove(webContentsId: number): void;
  trusts(sender: MessageSender): boolean;
}

/** Windows Assay opened itself. A sender is trusted when it is the top frame of one and shows one of the given origins. */
export function createTrustedSenders(origins: readonly string[]): TrustedSenders {
  const ours = new Set<number>();
  return {
    add: (webContentsId) => void ours.add(webContentsId),
    remove: (webContentsId) => void ours.delete(webContentsId),
    trusts({ frame, webContentsId }) {
      if (frame === null || frame === undefined || frame.parent !== null || !ours.has(webContentsId)) {
        return false;
      }
      const origin = originOf(frame.url);
      return origin !== null && origins.includes(origin);
    },
  };
}

/** Scheme and host of a URL. Unlike URL.origin it also answers for the app's own scheme, which Node calls opaque. */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) {
    return null;
  }
  const { protocol, host, username, password } = new URL(url);
  return host === '' || username !== '' || password !== '' ? null : `${protocol}//${host}`;
}
