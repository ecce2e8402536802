import { createHash } from 'node:crypto';
import type { SimulatedFile } from '../port.ts';
import { drawFrom, type Draw } from './draw.ts';

type FileStatus = SimulatedFile['status'];

/** A file as the simulator knows it. All three digests, lower case. */
export interface FileRecord {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly status: Exclude<FileStatus, 'unknown'>;
  /** What else an API wants to say about it is drawn from this. */
  readonly draw: Draw;
}

/** Every file the simulator answers for: those it was told about, and all others by what their digest draws. */
export interface World {
  /** Null when there is no record. `hash`: 32, 40 or 64 hex digits of any case. */
  find(hash: string): FileRecord | null;
  know(file: SimulatedFile): void;
}

export interface WorldOptions {
  readonly name: string;
  readonly seed: number;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
/** What is pending is decided after this long, by the simulator's clock, counted from when it was first asked for. */
const PENDING_MS = 20 * 60_000;
/** A file that changes its status does so every this many days; its digest draws on which of them. */
const FLIP_DAYS = 10;
const FLIP_SHARE = 0.01;
/** Share of files for which an API draws by itself instead of agreeing with the others. */
const OWN_MIND_SHARE = 0.08;
/** Digests remembered as further names of a file; the oldest are forgotten beyond it. */
const MOST_ALIASES = 1_000_000;

/**
 * Draws each status from the digest and the seed, so that every run says the same: 5 % malicious, 3 % suspicious, 62 %
 * not malicious, 27 % unknown, 3 % pending. One file in a hundred changes its status every ten simulated days.
 */
export function createWorld(options: WorldOptions): World {
  const told = new Map<string, SimulatedFile>();
  const names = new Map<string, string>();
  const pendingSince = new Map<string, number>();
  return {
    find(hash) {
      const asked = hash.toLowerCase();
      const file = told.get(asked);
      if (file !== undefined) {
        return file.status === 'unknown' ? null : recordOf(file.sha256.toLowerCase(), file.status, file, options);
      }
      const subject = names.get(asked) ?? asked;
      const status = decided(drawnStatus(subject, options), subject, pendingSince, options.now());
      if (status === 'unknown') {
        return null;
      }
      const record = recordOf(subject, status, {}, options);
      for (const digest of [record.md5, record.sha1, record.sha256]) {
        remember(names, digest, subject);
      }
      return record;
    },
    know(file) {
      const record = recordOf(file.sha256.toLowerCase(), 'pending', file, options);
      for (const digest of [record.md5, record.sha1, record.sha256]) {
        told.set(digest, file);
      }
    },
  };
}

function remember(names: Map<string, string>, digest: string, subject: string): void {
  if (digest === subject || names.has(digest)) {
    return;
  }
  const oldest = names.size < MOST_ALIASES ? undefined : names.keys().next().value;
  if (oldest !== undefined) {
    names.delete(oldest);
  }
  names.set(digest, subject);
}

function drawnStatus(subject: string, options: WorldOptions): FileStatus {
  const shared = drawFrom(`${options.seed}/${subject}`);
  const own = drawFrom(`${options.seed}/${options.name}/${subject}`);
  const status = statusAt(own.at(0) < OWN_MIND_SHARE ? own.at(1) : shared.at(0));
  if (shared.at(1) >= FLIP_SHARE) {
    return status;
  }
  const day = Math.floor(options.now() / DAY_MS) + Math.floor(shared.at(2) * FLIP_DAYS);
  return Math.floor(day / FLIP_DAYS) % 2 === 0 ? status : OTHER_SIDE[status];
}

const OTHER_SIDE: Readonly<Record<FileStatus, FileStatus>> = {
  malicious: 'non-malicious',
  suspicious: 'malicious',
  'non-malicious': 'malicious',
  unknown: 'malicious',
  pending: 'non-malicious',
};

function statusAt(share: number): FileStatus {
  if (share < 0.05) {
    return 'malicious';
  }
  if (share < 0.08) {
    return 'suspicious';
  }
  if (share < 0.7) {
    return 'non-malicious';
  }
  return share < 0.97 ? 'unknown' : 'pending';
}

/** What was drawn as pending is so for twenty minutes from the first question; then most of it turns out harmless. */
function decided(status: FileStatus, subject: string, since: Map<string, number>, now: number): FileStatus {
  if (status !== 'pending') {
    return status;
  }
  const first = since.get(subject) ?? now;
  since.set(subject, first);
  if (now - first < PENDING_MS) {
    return 'pending';
  }
  return drawFrom(`decided/${subject}`).at(0) < 0.2 ? 'malicious' : 'non-malicious';
}

function recordOf(
  subject: string,
  status: Exclude<FileStatus, 'unknown'>,
  given: Partial<SimulatedFile>,
  options: WorldOptions,
): FileRecord {
  const digest = (algorithm: 'md5' | 'sha1' | 'sha256', digits: number): string =>
    given[algorithm]?.toLowerCase() ??
    (subject.length === digits ? subject : createHash(algorithm).update(`simulated file ${subject}`).digest('hex'));
  const draw = drawFrom(`${options.seed}/about/${subject}`);
  return { md5: digest('md5', 32), sha1: digest('sha1', 40), sha256: digest('sha256', 64), status, draw };
}
