import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DeltaUnclear } from '../../../db/foreign/delta-tokens.ts';
import { RdsDatabase } from '../../../db/foreign/nsrl-rdsv3.ts';
import { BaseUnfit } from '../../../db/foreign/overlay-tables.ts';
import { OverlaidRds } from '../../../db/foreign/overlaid-rds.ts';
import { DeltaCutOff, readDelta } from '../../../db/foreign/rds-delta.ts';
import { CannotApply, RdsOverlay } from '../../../db/foreign/rds-overlay.ts';
import type { BuildHooks, BuildRequest, BuiltSet } from '../build-set.ts';
import { throwIfCancelled, unusable } from '../refusals.ts';
import { type ReadPart, SourceFile } from '../source-file.ts';
import { compileRds, isNamed, nameOf } from './build-rds.ts';
import { followsEdition } from './rds-editions.ts';

/** A delta, and the database of the edition that it is for. */
export interface OntoRequest extends BuildRequest {
  readonly baseDatabase: string;
}

/**
 * Compiles what an RDSv3 database is after a delta of INSERT, UPDATE and DELETE statements, without writing to the database:
 * the set is the one that importing the newer edition makes. All or nothing at `target`; goes on where it was when it was
 * cancelled or its process died.
 */
export async function buildOntoDatabase(request: OntoRequest, hooks: BuildHooks): Promise<BuiltSet> {
  const { source, baseDatabase } = request;
  const before = baseFacts(baseDatabase);
  const delta = await factsOf(source, hooks);
  const bytes = delta.bytes + before.bytes;
  const origin = {
    work: createHash('sha256').update(`onto 1 ${before.work} ${delta.sha256}`).digest('hex'),
    bytes,
    ahead: delta.bytes,
    changed: () => (isNamed(baseDatabase, before.work) ? null : baseDatabase),
    meta: {
      form: 'nsrl-delta',
      source: { name: basename(source), ...delta },
      onto: { edition: before.edition, source: { name: basename(baseDatabase), bytes: before.bytes } },
    },
    open: async (folder: string) => {
      const overlay = `${folder}/overlay.db`;
      if (!existsSync(overlay)) {
        await layOver(request, overlay, { bytes, sha256: delta.sha256 }, hooks);
      }
      return new OverlaidRds(baseDatabase, overlay);
    },
  };
  return compileRds(request, origin, hooks);
}

function baseFacts(path: string): { readonly work: string; readonly bytes: number; readonly edition: string } {
  const database = new RdsDatabase(path);
  try {
    return { work: nameOf(path), bytes: statSync(path).size, edition: database.edition().version };
  } finally {
    database.close();
  }
}

/** Length and SHA-256 of a file. */
async function factsOf(path: string, hooks: BuildHooks): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const file = new SourceFile(path, { isCancelled: () => hooks.isCancelled(), onRead: () => undefined });
  for await (const chunk of file.chunks()) {
    // Read to be hashed.
    void chunk;
  }
  return file.part();
}

/** Writes the overlay beside its place first: one that is there is whole. */
async function layOver(
  request: OntoRequest,
  path: string,
  { bytes, sha256 }: ReadPart,
  hooks: BuildHooks,
): Promise<void> {
  const { source, baseDatabase } = request;
  const unfinished = `${path}.tmp`;
  rmSync(unfinished, { force: true });
  rmSync(`${unfinished}-journal`, { force: true });
  try {
    const overlay = new RdsOverlay(baseDatabase, unfinished, () => throwIfCancelled(hooks));
    try {
      const file = new SourceFile(source, {
        isCancelled: () => hooks.isCancelled(),
        onRead: (done) => hooks.onProgress(done, bytes, overlay.rows, 'reading'),
      });
      for await (const statement of readDelta(file.chunks(), { isExact: true })) {
        overlay.take(statement);
      }
      if (file.part().sha256 !== sha256) {
        throw unusable(source, 'it changed while it was read');
      }
      overlay.finish();
    } finally {
      overlay.close();
    }
    refuseForeign(request, overlay, unfinished);
  } catch (error) {
    throw refusal(request, error);
  }
  syncFile(unfinished);
  renameSync(unfinished, path);
}

/** A delta of another edition would leave a set that is neither the one nor the other. */
function refuseForeign({ source, baseDatabase }: OntoRequest, overlay: RdsOverlay, path: string): void {
  if (overlay.rows === 0 && overlay.changes === 0) {
    throw unusable(source, 'it holds no statement of an RDSv3 delta');
  }
  const base = basename(baseDatabase);
  if (overlay.changes > 0 && overlay.found === 0) {
    throw unusable(
      source,
      `none of the rows that it changes or removes is in ${base}, so that it is for another edition`,
    );
  }
  const after = new RdsDatabase(path);
  try {
    const from = baseFacts(baseDatabase).edition;
    const to = after.edition().version;
    if (to !== from && !followsEdition(from, to)) {
      throw unusable(source, `it makes edition ${to}, which does not follow edition ${from} of ${base}`);
    }
  } finally {
    after.close();
  }
}

function refusal({ source, baseDatabase }: OntoRequest, error: unknown): unknown {
  if (error instanceof DeltaCutOff) {
    return unusable(source, 'it is cut off: its last statement or transaction does not end');
  }
  if (error instanceof DeltaUnclear) {
    return unusable(source, `it is no RDSv3 delta: ${error.message}`);
  }
  if (error instanceof CannotApply) {
    return unusable(source, `line ${error.line} cannot be applied to ${basename(baseDatabase)}: ${error.message}`);
  }
  return error instanceof BaseUnfit
    ? unusable(baseDatabase, `a delta cannot be applied to it, as ${error.message}`)
    : error;
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
