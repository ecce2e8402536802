import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createHashList } from '#main/services/hash-list/hash-list.ts';
import type { HashListService } from '#main/services/hash-list/port.ts';
import type { ListEntry } from '#shared/contract/hash-list.ts';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';

/** 2026-11-22T00:00:00Z. */
export const NOW = 1_795_305_600;

export interface TestList {
  readonly directory: string;
  readonly database: Database;
  readonly list: HashListService;
  /** The time and the name the service sees. */
  readonly world: { now: number; analyst: string };
  /** Another process on the same directory. */
  another(): Promise<{ readonly database: Database; readonly list: HashListService }>;
  entries(): Promise<readonly ListEntry[]>;
  preview(
    text: string | Uint8Array,
    options?: Partial<Parameters<HashListService['preview']>[1]>,
  ): ReturnType<HashListService['preview']>;
  exported(): Promise<string>;
  dispose(): Promise<void>;
}

/** A hash list on a real database in a folder of its own. */
export async function openTestList(): Promise<TestList> {
  const directory = await mkdtemp(join(tmpdir(), 'assay-list-'));
  const world = { now: NOW, analyst: 'm.okafor' };
  const open: Database[] = [];
  const build = async (): Promise<{ database: Database; list: HashListService }> => {
    const database = await openInlineDatabase(directory);
    open.push(database);
    const clock = { now: () => world.now * 1000 };
    return { database, list: createHashList(database, { clock, analyst: () => world.analyst }) };
  };
  const { database, list } = await build();
  return {
    directory,
    database,
    list,
    world,
    another: build,
    async entries() {
      const query = { side: null, expiring: false, text: '', sort: 'addedAt', descending: false } as const;
      return (await list.page(query, { offset: 0, limit: 500 })).rows;
    },
    preview: (text, options = {}) =>
      list.preview(
        { name: 'list.csv', chunks: inChunks(typeof text === 'string' ? Buffer.from(text) : text) },
        { mode: 'append', settle: 'refuse', skipMalformed: false, ...options },
      ),
    async exported() {
      let text = '';
      for await (const batch of list.exportCsv()) {
        text += batch;
      }
      return text;
    },
    async dispose() {
      for (const one of open) {
        await one.close();
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A digest of invented content. */
export function digest(kind: DigestKind, seed: string | number): HexDigest {
  return createHash(kind).update(`sample ${seed}`).digest('hex') as HexDigest;
}

/** All three digests of one invented file. */
export function file(seed: string | number): Record<DigestKind, HexDigest> {
  return { md5: digest('md5', seed), sha1: digest('sha1', seed), sha256: digest('sha256', seed) };
}

/** Defaults of what the window sends. */
export const PLAIN = { note: '', reason: '', expiresAt: null } as const;

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) {
    yield bytes.subarray(at, at + 1000);
  }
}
