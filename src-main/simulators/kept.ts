import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What simulated services keep from one process to the next. */
export interface Kept {
  /** Milliseconds: the moment their data was made for. */
  readonly seededAt: number;
  /** Where Tanium writes what it holds; null for nowhere. */
  readonly taniumFile: string | null;
  /** The port a service had last, or null. */
  portOf(service: string): number | null;
  usePort(service: string, port: number): void;
}

interface Note {
  readonly seededAt: number;
  readonly ports: Readonly<Record<string, number>>;
}

const NOTE_FILE = 'simulated-services.json';
const TANIUM_FILE = 'simulated-tanium.jsonl';

/** Reads what a folder says, or begins anew at `now`. Null keeps nothing. */
export function openKept(folder: string | null, now: number): Kept {
  const before = folder === null ? null : readNote(join(folder, NOTE_FILE));
  let note: Note = before ?? { seededAt: now, ports: {} };
  return {
    seededAt: note.seededAt,
    taniumFile: folder === null ? null : join(folder, TANIUM_FILE),
    portOf: (service) => note.ports[service] ?? null,
    usePort(service, port) {
      note = { ...note, ports: { ...note.ports, [service]: port } };
      if (folder !== null) {
        writeFileSync(join(folder, NOTE_FILE), `${JSON.stringify(note)}\n`, { mode: 0o600 });
      }
    },
  };
}

/** Null when there is none, or none that can be read. */
function readNote(file: string): Note | null {
  try {
    const { seededAt, ports } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Note>;
    return typeof seededAt === 'number' && typeof ports === 'object' && ports !== null ? { seededAt, ports } : null;
  } catch {
    // Absent, or cut off by an end of the process: they begin anew.
    return null;
  }
}
