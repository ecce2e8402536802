import type { Database } from '#main/db/port.ts';
import type { HttpClient, HttpRequest, Network } from '#main/net/port.ts';

/** Where a process dies: at the n-th thing it does, before that is done or after, when nobody is told any more. */
export interface KillPoint {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** A process that dies at a point: from then on nothing it does reaches database or network, and nothing is answered. */
export interface Killable {
  readonly database: Database;
  readonly network: Network;
  /** Writes and requests so far. */
  count(): number;
  /** Settles when it died; never without a point. */
  readonly died: Promise<void>;
}

/** `point` null: it never dies, and what it does is counted. */
export function killable(database: Database, network: Network, point: KillPoint | null): Killable {
  let count = 0;
  let isDead = false;
  let die = (): void => undefined;
  const died = new Promise<void>((resolve) => {
    die = () => {
      isDead = true;
      resolve();
    };
  });
  const forever = <T>(): Promise<T> => new Promise<T>(() => undefined);

  async function step<T>(work: () => Promise<T>): Promise<T> {
    if (isDead) {
      return forever();
    }
    count += 1;
    const isLast = point !== null && count === point.at;
    if (isLast && point.when === 'before') {
      die();
      return forever();
    }
    const result = await work();
    if (isLast) {
      die();
    }
    return isDead ? forever() : result;
  }

  const client = (inner: HttpClient): HttpClient => ({
    send: (request: HttpRequest, signal) => step(() => inner.send(request, signal)),
    close: () => (isDead ? forever() : inner.close()),
  });
  return {
    database: {
      directory: database.directory,
      file: database.file,
      read: (name, args) => (isDead ? forever() : database.read(name, args)),
      write: (name, args, lane, signal) => step(() => database.write(name, args, lane, signal)),
      onChange: (listener) => database.onChange((change) => (isDead ? undefined : listener(change))),
      close: () => database.close(),
    },
    network: { client: (options) => client(network.client(options)) },
    count: () => count,
    died,
  };
}
