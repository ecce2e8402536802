import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cleanEnvironment } from '../../integration/terminal/assay.ts';

/** Whether system calls can be watched here. */
export const canWatch = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0;

export interface Watched {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Internet addresses that any process of the tree connected or sent to, as `address:port`. */
  readonly contacts: readonly string[];
}

const CALLS = 'connect,sendto,sendmsg,sendmmsg';
const IPV4 = /sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)/g;
const IPV6 = /sin6_port=htons\((\d+)\)[^}]*?inet_pton\(AF_INET6, "([^"]+)"/g;

/** When a program that ends only when told so is told: this long after it said this on stderr. */
export interface Stop {
  readonly said: string;
  readonly afterMs: number;
}

/** Runs Node with the arguments and notes every internet address that it or any child of it reached for. */
export async function watched(
  args: readonly string[],
  options: { readonly log: string; readonly env?: Readonly<Record<string, string>>; readonly stop?: Stop },
): Promise<Watched> {
  const child = spawn(
    'strace',
    ['-f', '-qq', '-o', options.log, '-e', `trace=${CALLS}`, '-e', 'signal=none', process.execPath, ...args],
    { env: cleanEnvironment(options.env), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const parts = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (parts.out += data.toString()));
  const { stop } = options;
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', (data: Buffer) => {
    parts.err += data.toString();
    if (stop !== undefined && parts.err.includes(stop.said)) {
      timer ??= setTimeout(() => interrupt(child.pid), stop.afterMs);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  const trace = readFileSync(options.log, 'utf8');
  const contacts = [...trace.matchAll(IPV4), ...trace.matchAll(IPV6)].map(([, port, address]) => `${address}:${port}`);
  return { code, ...parts, contacts: [...new Set(contacts)] };
}

/** Contacts that leave the machine, and every question to a name server, wherever it stands. */
export function leaving(contacts: readonly string[]): string[] {
  return contacts.filter(
    (contact) => contact.endsWith(':53') || !/^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+):\d+$/.test(contact),
  );
}

/** Ctrl-C for the whole group: strace itself does not hand it on. */
function interrupt(group: number | undefined): void {
  if (group !== undefined) {
    process.kill(-group, 'SIGINT');
  }
}
