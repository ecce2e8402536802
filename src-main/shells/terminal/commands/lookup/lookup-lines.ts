import { StringDecoder } from 'node:string_decoder';
import { parseDigest } from '#shared/domain/hash.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { standardInput } from '../../inputs.ts';
import { visibleLines } from '../../output/plain-text.ts';
import type { Session } from '../../session.ts';
import { lookupData } from './lookup-output.ts';

/** Longest line taken; no hash with an id is near it, and what is longer is never held in memory whole. */
const LONGEST_LINE = 65_536;
const LONGEST_ECHO = 200;
const NO_HASH = 'That is no hash: an MD5 has 32 hex digits, a SHA-1 has 40, a SHA-256 has 64.';

interface Question {
  readonly hash: string;
  /** Given back as it came; absent where none came. */
  readonly id?: unknown;
  readonly error?: string;
}

/**
 * One JSON line out for every line in, in order, each written before the next is read: for programs that ask one hash at
 * a time and stay connected. Holds no more than a line. Ends with standard input.
 */
export async function lookupLines(session: Session, engine: Engine): Promise<number> {
  const { out } = session;
  for await (const line of linesOf(standardInput(session.host, session.signal))) {
    const text = `${JSON.stringify(await answer(engine, questionOf(line)))}\n`;
    await out.write(out.isTerminal ? visibleLines(text) : text);
  }
  return session.stoppedCode() ?? EXIT.done;
}

async function answer(engine: Engine, { hash, error, ...id }: Question): Promise<Readonly<Record<string, unknown>>> {
  if (error !== undefined) {
    return { ...id, hash, error };
  }
  try {
    const { results, problems } = await engine.lookup.find(hash);
    const [result] = results;
    const lacking = problems.length === 0 ? {} : { problems };
    return result === undefined
      ? { ...id, hash, error: NO_HASH }
      : { ...id, ...lookupData(result, engine.simulated), ...lacking };
  } catch (fault) {
    if (!isAppError(fault)) {
      throw fault;
    }
    return { ...id, hash, error: fault.message };
  }
}

/** A line that is a hash, or JSON with one. */
function questionOf(line: string | null): Question {
  if (line === null) {
    return { hash: '', error: `The line is longer than ${LONGEST_LINE} characters.` };
  }
  const text = line.trim();
  if (!text.startsWith('{')) {
    return checked(text);
  }
  try {
    const { hash, id } = JSON.parse(text) as { readonly hash?: unknown; readonly id?: unknown };
    const named = id === undefined ? {} : { id };
    return typeof hash === 'string'
      ? { ...named, ...checked(hash) }
      : { ...named, hash: '', error: 'The line has no "hash", or it is no text.' };
  } catch {
    return { hash: '', error: 'The line is no JSON.' };
  }
}

function checked(text: string): Question {
  const digest = parseDigest(text);
  return digest === null ? { hash: text.slice(0, LONGEST_ECHO), error: NO_HASH } : { hash: digest.hex };
}

/** Lines of UTF-8 without their ends; null for one that is too long. A last line without an end counts. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const parts = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)).split('\n');
    for (const [index, part] of parts.entries()) {
      const line = rest + part;
      rest = '';
      if (index < parts.length - 1) {
        yield isTooLong || line.length > LONGEST_LINE ? null : line;
        isTooLong = false;
      } else if (line.length > LONGEST_LINE) {
        isTooLong = true;
      } else {
        rest = line;
      }
    }
  }
  if (isTooLong || rest !== '') {
    yield isTooLong ? null : rest;
  }
}
