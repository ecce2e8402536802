import type { ServiceResult } from '../../../net/service-fault.ts';
import type { Caller } from '../connection/caller.ts';
import { textOf, type Fields } from '../connection/fields.ts';
import { LISTED_NOTES, type ListedFile } from '../port.ts';
import { allRows, type Row } from '../connection/rows.ts';
import { failed, isMissing, type Answer } from '../connection/sender.ts';

const CUSTOM = '/plugin/products/reputation/v3/reputations/custom';
const BATCH = 1000;
const PAGE = 500;
const DIGESTS = ['sha256', 'sha1', 'md5'] as const;
/** The list that says "malicious"; entries of the other one are never touched. */
const LIST = 'blacklist';

/** Tanium's reputation hash list. Its interface is not published: see each call for what is taken for granted. */
export interface HashList {
  /**
   * `POST custom/upload?append=true`, in batches, empty where a digest is not known. Keys are in lower case; clients have been
   * seen to write them as `SHA-256` too, which is tried where the others are refused.
   */
  add(files: readonly ListedFile[], signal: AbortSignal): Promise<ServiceResult<null>>;
  /** `DELETE custom/{id}`, by the ids that `GET custom` tells; by digest where the list cannot be read. */
  remove(files: readonly ListedFile[], signal: AbortSignal): Promise<ServiceResult<null>>;
}

interface Entry {
  readonly id: number;
  readonly list: string;
  /** Lower case; empty where none are told. */
  readonly notes: string;
  readonly digests: readonly string[];
}

/** How the keys of digests are written: `sha256` or `SHA-256`. */
type KeyNames = 'plain' | 'dashed';

/** Ids by digest, without entries whose notes say that they are of others: a digest may stand in several entries. `null`: this server does not tell its list. */
type Index = ReadonlyMap<string, readonly number[]> | null;

/** The hash list as one connection sees it: what it told is remembered, and read again only when it has to be. */
export function createHashList(call: Caller): HashList {
  /** Read once, and again when something is taken off that was added since. */
  let index: Index | undefined;
  const upload = createUpload(call);
  const addedSince = new Set<string>();
  /** A file was taken off by its digest: "there is none" can be believed from then on. */
  let isDigestTaken = false;
  return {
    async add(files, signal) {
      if (index !== undefined) {
        files.flatMap(digestsOf).forEach((digest) => addedSince.add(digest));
      }
      return upload(files, signal);
    },
    async remove(files, signal) {
      if (index === undefined || files.flatMap(digestsOf).some((digest) => addedSince.has(digest))) {
        const read = await readIndex(call, signal);
        if (!read.ok) {
          return read;
        }
        index = read.value;
        addedSince.clear();
      }
      let isAnyMissing = false;
      for (const file of files.filter((one) => digestsOf(one).length > 0)) {
        const removed = index === null ? await byDigest(call, file, signal) : await byId(call, index, file, signal);
        if (!removed.ok) {
          return removed;
        }
        isDigestTaken ||= removed.value === 'by digest';
        isAnyMissing ||= removed.value === 'missing';
      }
      return isAnyMissing && !isDigestTaken ? { ok: false, fault: NOT_TOLD } : { ok: true, value: null };
    },
  };
}

/** Uploads in batches. Names of keys that worked stay. */
function createUpload(call: Caller): HashList['add'] {
  let names: KeyNames = 'plain';
  return async (files, signal) => {
    const known = files.filter((file) => digestsOf(file).length > 0);
    for (let start = 0; start < known.length; start += BATCH) {
      const batch = known.slice(start, start + BATCH);
      const answer = await put(call, batch, names, signal);
      const isOther = names === 'plain' && isRefused(answer) && (await put(call, batch, 'dashed', signal)).ok;
      if (!answer.ok && !isOther) {
        return failed(answer);
      }
      names = isOther ? 'dashed' : names;
    }
    return { ok: true, value: null };
  };
}

function put(call: Caller, files: readonly ListedFile[], names: KeyNames, signal: AbortSignal): Promise<Answer> {
  const body = JSON.stringify(files.map((file) => entryOf(file, names)));
  const path = `${CUSTOM}/upload?append=true`;
  return call({ method: 'POST', path, what: 'put files on the hash list', isBulk: true, body }, signal);
}

/** Refused, and not for its size. */
function isRefused(answer: Answer): boolean {
  return !answer.ok && answer.fault.httpStatus === 400 && answer.fault.kind === 'query';
}

function entryOf(file: ListedFile, names: KeyNames): Readonly<Record<string, string>> {
  const { md5, sha1, sha256, notes } = file;
  const digests = names === 'plain' ? { md5, sha1, sha256 } : { MD5: md5, 'SHA-1': sha1, 'SHA-256': sha256 };
  return { list: LIST, ...digests, uploadedHash: digestsOf(file)[0] ?? '', notes };
}

/** The known ones, the longest first. */
function digestsOf(file: ListedFile): readonly string[] {
  return DIGESTS.map((kind) => file[kind]).filter((digest) => digest !== '');
}

async function readIndex(call: Caller, signal: AbortSignal): Promise<ServiceResult<Index>> {
  const read = ({ id, fields }: Row): Entry => ({ id, ...rowOf(fields) });
  const rows = await allRows(call, { path: CUSTOM, what: 'read the hash list', limit: PAGE, read }, signal);
  if (!rows.ok) {
    const { httpStatus, kind } = rows.fault;
    const isNotTold = [400, 404, 405].includes(httpStatus ?? 0) || (kind === 'answer' && httpStatus === 200);
    return isNotTold ? { ok: true, value: null } : rows;
  }
  const found = new Map<string, readonly number[]>();
  for (const { id, list, notes, digests } of rows.value) {
    const isOwn = notes === '' || notes.startsWith(LISTED_NOTES.toLowerCase());
    if (isOwn && (list === '' || list === LIST)) {
      digests.forEach((digest) => found.set(digest, [...(found.get(digest) ?? []), id]));
    }
  }
  return { ok: true, value: found };
}

/** Keys are written as `sha256` or `SHA-256`. */
function rowOf(fields: Fields): Omit<Entry, 'id'> {
  const plain = new Map(
    Object.entries(fields).map(([name, value]) => [
      name.toLowerCase().replaceAll('-', ''),
      textOf(value).toLowerCase(),
    ]),
  );
  const digests = [...DIGESTS, 'uploadedhash'].map((name) => plain.get(name) ?? '').filter((digest) => digest !== '');
  return { list: plain.get('list') ?? '', notes: plain.get('notes') ?? '', digests: [...new Set(digests)] };
}

/** One file may have an entry for each of its digests, or several. */
async function byId(
  call: Caller,
  index: ReadonlyMap<string, readonly number[]>,
  file: ListedFile,
  signal: AbortSignal,
): Promise<ServiceResult<'by id'>> {
  const ids = new Set(digestsOf(file).flatMap((digest) => index.get(digest) ?? []));
  for (const id of ids) {
    const answer = await call({ method: 'DELETE', path: `${CUSTOM}/${id}`, what: WHAT, isRepeatable: true }, signal);
    if (!answer.ok && !isMissing(answer)) {
      return failed(answer);
    }
  }
  return { ok: true, value: 'by id' };
}

/** `missing`: none of its digests is on the list, or this is not the way to take them off. */
async function byDigest(
  call: Caller,
  file: ListedFile,
  signal: AbortSignal,
): Promise<ServiceResult<'by digest' | 'missing'>> {
  let isRemoved = false;
  for (const digest of digestsOf(file)) {
    const path = { path: `${CUSTOM}/${digest}`, shownPath: `${CUSTOM}/{digest}` };
    const answer = await call({ method: 'DELETE', ...path, what: WHAT, isRepeatable: true }, signal);
    if (!answer.ok && !isMissing(answer)) {
      return failed(answer);
    }
    isRemoved ||= answer.ok;
  }
  return { ok: true, value: isRemoved ? 'by digest' : 'missing' };
}

const WHAT = 'take a file off the hash list';

const NOT_TOLD = {
  kind: 'gone',
  message:
    'Tanium tells neither its hash list nor a file on it, so that it is not known whether files are off it. Take them off in its console.',
  httpStatus: 404,
  retryAfterMs: null,
  sent: true,
  isPassing: false,
} as const;
