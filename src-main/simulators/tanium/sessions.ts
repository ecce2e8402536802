import { randomUUID } from 'node:crypto';
import type { TaniumOptions } from './port.ts';

/** Who a request comes from. `expired`: a session that was good once. */
export type Caller = 'known' | 'expired' | 'unknown';

/** Sessions that end when nobody used them for a while. A token never ends. */
export interface Sessions {
  /** A new session, or null when the name, password or domain is wrong. */
  login(username: unknown, password: unknown, domain: unknown): string | null;
  /** Counts as use. */
  callerOf(session: string): Caller;
  logout(session: string): void;
  expireAll(): void;
}

const USER_ID = 224;

/** Sessions in memory, by the simulator's clock: they end with the process. */
export function createSessions(
  options: Pick<TaniumOptions, 'username' | 'password' | 'domain' | 'token' | 'idleMs' | 'now'>,
): Sessions {
  const usedAt = new Map<string, number>();
  const ended = new Set<string>();
  const end = (session: string): void => {
    usedAt.delete(session);
    ended.add(session);
  };
  let count = 0;
  return {
    login(username, password, domain) {
      const isDomain = options.domain === null || domain === options.domain;
      if (username !== options.username || password !== options.password || !isDomain) {
        return null;
      }
      count += 1;
      const session = `${count}-${USER_ID}-${randomUUID().replaceAll('-', '')}`;
      usedAt.set(session, options.now());
      return session;
    },
    callerOf(session) {
      if (session === options.token) {
        return 'known';
      }
      const last = usedAt.get(session);
      if (last === undefined) {
        return ended.has(session) ? 'expired' : 'unknown';
      }
      if (options.now() - last > options.idleMs) {
        end(session);
        return 'expired';
      }
      usedAt.set(session, options.now());
      return 'known';
    },
    logout(session) {
      usedAt.delete(session);
    },
    expireAll: () => [...usedAt.keys()].forEach(end),
  };
}
