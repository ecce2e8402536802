import type { ServiceFault } from '../../../net/service-fault.ts';
import { plainText } from '../../../providers/own-words.ts';
import type { Caller } from '../connection/caller.ts';
import { oddAnswer } from '../connection/faults.ts';
import { isObject, unwrapped, wholeNumber } from '../connection/fields.ts';
import { intelOf, LONGEST_ANSWER } from './intels.ts';
import type { Intel, IntelDocument, WriteResult } from '../port.ts';
import { isMissing, type Answer, type Ask } from '../connection/sender.ts';

/** A connection that ends while so much is on its way may have met a limit that closes it. */
const LARGE_BYTES = 1024 * 1024;
const LONGEST_NAME = 80;

/** `POST /sources/{id}/intels`: a new document of a source. */
export async function createIntel(
  call: Caller,
  prefix: string,
  sourceId: number,
  document: IntelDocument,
  signal: AbortSignal,
): Promise<WriteResult> {
  const ask = writing('POST', `${prefix}/sources/${sourceId}/intels`, 'take a new document', document);
  return resultOf(await call(ask, signal), document, null);
}

/**
 * `PUT /intels/{id}`: replaces a document. The server does that in place only under the same root id; otherwise it makes
 * another document, which the result tells.
 */
export async function replaceIntel(
  call: Caller,
  prefix: string,
  intelId: number,
  document: IntelDocument,
  signal: AbortSignal,
): Promise<WriteResult> {
  const ask = writing('PUT', `${prefix}/intels/${intelId}`, 'replace a document', document);
  const answer = await call(ask, signal);
  if (!answer.ok || intelIn(answer, document) !== null) {
    return resultOf(answer, document, intelId);
  }
  // It was accepted without a word about the document, which is asked for then.
  const look = {
    method: 'GET',
    path: `${prefix}/intels/${intelId}`,
    what: ask.what,
    maxBytes: LONGEST_ANSWER,
  } as const;
  return resultOf(await call(look, signal), document, intelId);
}

/**
 * Type and file name are both said: documents without them are taken for another kind. The file name holds what any
 * reading of the header takes unquoted.
 */
function writing(method: 'POST' | 'PUT', path: string, what: string, document: IntelDocument): Ask {
  return {
    method,
    path,
    isBulk: true,
    what: `${what} ("${plainText(document.name, LONGEST_NAME)}")`,
    headers: {
      'content-type': 'application/xml',
      'content-disposition': `attachment; filename=${fileNameOf(document)}.ioc`,
      type: 'openioc',
    },
    body: document.xml,
    maxBytes: LONGEST_ANSWER,
  };
}

function fileNameOf({ name, rootId }: IntelDocument): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' || plain.length > LONGEST_NAME ? rootId : plain;
}

function resultOf(answer: Answer, document: IntelDocument, replaced: number | null): WriteResult {
  if (!answer.ok) {
    const isGone = replaced !== null && isMissing(answer);
    return isGone
      ? refused({ ...answer.fault, kind: 'gone' }, false)
      : refused(answer.fault, mayBeTooLarge(answer, document));
  }
  const intel = intelIn(answer, document);
  if (intel === null) {
    return refused(oddAnswer(answer.status, 'names no document', answer.asking), false);
  }
  if (intel.isSchemaValid === false) {
    const fault = oddAnswer(answer.status, 'says that it cannot be read as OpenIOC', answer.asking);
    return { ok: false, fault: { ...fault, mayBeTooLarge: false, kept: intel } };
  }
  return { ok: true, value: { ...intel, isInPlace: isInPlace(intel, document, replaced) } };
}

/** The document an answer tells of; null when it tells of none. */
function intelIn(answer: Extract<Answer, { ok: true }>, document: IntelDocument): Intel | null {
  const value = answer.body.kind === 'json' ? unwrapped(answer.body.value) : null;
  // Some writes are answered with a list of one.
  const fields = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const id = isObject(fields) ? wholeNumber(fields['id']) : null;
  if (!isObject(fields) || id === null) {
    return null;
  }
  const intel = intelOf({ id, fields });
  return { ...intel, name: intel.name === '' ? document.name : intel.name };
}

function isInPlace({ id, intrinsicId }: Intel, { rootId }: IntelDocument, replaced: number | null): boolean {
  const isSameRoot = intrinsicId === '' || intrinsicId.toLowerCase() === rootId.toLowerCase();
  return isSameRoot && (replaced === null || replaced === id);
}

function refused(fault: ServiceFault, mayBeTooLarge: boolean): WriteResult {
  return { ok: false, fault: { ...fault, mayBeTooLarge, kept: null } };
}

function mayBeTooLarge({ fault, wasCut }: Extract<Answer, { ok: false }>, { xml }: IntelDocument): boolean {
  if (fault.kind === 'too-large' || fault.httpStatus === 400) {
    return true;
  }
  return wasCut && fault.sent && Buffer.byteLength(xml) > LARGE_BYTES;
}
