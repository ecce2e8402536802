import { statSync } from 'node:fs';
import type { SetForm } from '#shared/domain/known-sets/set-forms.ts';
import { assertNever } from '#shared/errors/app-error.ts';
import { isSqlite } from '../../db/foreign/open-foreign.ts';
import { buildBloom, isBloom } from './build-bloom.ts';
import { buildDelta } from './rds/build-delta.ts';
import { buildOntoDatabase } from './rds/build-onto-database.ts';
import { buildRds } from './rds/build-rds.ts';
import { type BuildHooks, type BuildRequest, buildSet, type BuiltSet } from './build-set.ts';
import { unreadable, unusable, withoutRoom } from './refusals.ts';

/** Makes a set from a file of the form that was asked for. All or nothing. */
export async function buildFrom(request: BuildRequest, hooks: BuildHooks): Promise<BuiltSet> {
  try {
    return await build(request, hooks);
  } catch (error) {
    throw withoutRoom(request.target, error);
  }
}

async function build(request: BuildRequest, hooks: BuildHooks): Promise<BuiltSet> {
  refuseNoFile(request.source);
  const form = request.form === 'auto' ? formOf(request.source) : request.form;
  switch (form) {
    case 'list':
      return buildSet(request, hooks);
    case 'bloom':
      return buildBloom(request, hooks);
    case 'nsrl-delta':
      if (request.baseDatabase !== undefined) {
        return buildOntoDatabase({ ...request, baseDatabase: request.baseDatabase }, hooks);
      }
      if (request.base === undefined) {
        throw new TypeError('a delta needs the edition it is for');
      }
      return buildDelta({ ...request, base: request.base }, hooks);
    case 'nsrl-rdsv3':
      return buildRds(request, hooks);
    default:
      return assertNever(form);
  }
}

/** What is no file can be read once only, and a set is read more than once. */
function refuseNoFile(source: string): void {
  let isOther = false;
  try {
    isOther = !statSync(source).isFile();
  } catch {
    // Reading tells why it cannot be read.
  }
  if (isOther) {
    throw unusable(source, 'it is no file');
  }
}

/** Databases and filters begin in a way of their own; everything else is a list, or refused as such. */
function formOf(source: string): SetForm {
  try {
    if (isSqlite(source)) {
      return 'nsrl-rdsv3';
    }
    return isBloom(source) ? 'bloom' : 'list';
  } catch (error) {
    throw unreadable(source, error);
  }
}
