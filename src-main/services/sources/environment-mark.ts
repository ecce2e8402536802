import { createHash } from 'node:crypto';
import type { SourceId } from '#shared/domain/source.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Secrets } from '../../platform/secrets/port.ts';
import { keyName } from './keys.ts';

/**
 * Sixteen bits that tell one key of the environment from the next, and nothing about either: every mark fits one key in
 * 65,536. Null when the key does not come from there. `salt` makes it another mark in every database.
 */
export async function environmentMark(secrets: Secrets, source: SourceId, salt: string): Promise<number | null> {
  const name = keyName(source, 'source');
  if (!secrets.isGiven(name)) {
    return null;
  }
  try {
    const key = await secrets.get(name);
    return key === null ? null : createHash('sha256').update(`${salt}:${key}`).digest().readUInt16BE();
  } catch (error) {
    if (isAppError(error)) {
      return null;
    }
    throw error;
  }
}
