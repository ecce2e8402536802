import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every form in which a secret could lie somewhere: as it is, in a URL, in a header, in a dump, in UTF-16. */
export function formsOf(secret: string): readonly (readonly [form: string, bytes: Buffer])[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [
    ['plain', bytes],
    ['URL', Buffer.from(encodeURIComponent(secret))],
    ['base64', Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -1))],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['UTF-16', Buffer.from(secret, 'utf16le')],
  ];
}

/** Which secrets bytes hold, and in what form. */
export function foundIn(bytes: Buffer, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret)
      .filter(([, form]) => bytes.includes(form))
      .map(([form]) => `${name} (${form})`),
  );
}

/** Files below a folder that hold a secret. */
export function filesHolding(folder: string, secrets: Readonly<Record<string, string>>): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return foundIn(readFileSync(path), secrets).map((what) => `${relative(folder, path)}: ${what}`);
    });
}

/** What another program of this machine sees of a process and those it started; Linux only. */
export function seenOfProcesses(root: number): { readonly pid: number; readonly argv: Buffer; readonly env: Buffer }[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const stat = read(`/proc/${name}/stat`).toString('latin1');
        // The name of the program stands in brackets and may hold anything.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return stat === '' ? [] : [[Number(name), parent] as const];
      }),
  );
  const family = [root];
  for (const pid of family) {
    family.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  }
  return family.map((pid) => ({ pid, argv: read(`/proc/${pid}/cmdline`), env: read(`/proc/${pid}/environ`) }));
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // It ended meanwhile.
    return Buffer.alloc(0);
  }
}
