import type { ApiAnswer } from '../../server/api.ts';
import { refuse } from '../answers.ts';
import type { ListedHash } from '../port.ts';
import type { TaniumState } from '../state.ts';
import { answered } from './envelope.ts';
import { listed } from './paging.ts';
import { jsonIn, type Route, type RouteWorld, type Write } from './route.ts';

const CUSTOM = '/plugin/products/reputation/v3/reputations/custom';
const KEYS = {
  lower: { md5: 'md5', sha1: 'sha1', sha256: 'sha256' },
  upper: { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256' },
} as const;
const LENGTHS = { md5: 32, sha1: 40, sha256: 64 } as const;
const LISTS = ['blacklist', 'whitelist'];

/** The hash list of Tanium's reputation service. */
export const REPUTATION_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    pattern: new RegExp(`^${CUSTOM}/upload$`),
    isPlatform: true,
    area: 'reputation',
    answer: ({ request }, world) => uploaded(jsonIn(request), request.query.get('append') === 'true', world),
  },
  {
    method: 'GET',
    pattern: new RegExp(`^${CUSTOM}/?$`),
    isPlatform: true,
    area: 'reputation',
    answer: ({ request }, { state, behaviour }) => {
      if (!behaviour.reputation.listed) {
        throw refuse(404, 'not found');
      }
      return answered(behaviour, listed(state.hashList.values(), request.query, {}, behaviour));
    },
  },
  {
    method: 'DELETE',
    pattern: new RegExp(`^${CUSTOM}/([^/]+)$`),
    isPlatform: true,
    area: 'reputation',
    answer: ({ params }, world) => removed(params[0] ?? '', world),
  },
];

type Entry = Omit<ListedHash, 'id'>;

/** Puts entries beside those that are there (`isAppended`) or in the place of all of them. One file is listed once. */
function uploaded(body: unknown, isAppended: boolean, world: RouteWorld): Write {
  const { state, behaviour } = world;
  if (!Array.isArray(body)) {
    throw refuse(400, 'the body must be a list');
  }
  const entries = body.map((entry: unknown, place) => entryFrom(entry, place, behaviour.reputation.keys));
  return {
    kind: 'write',
    counts: 'hashList',
    perform: () => {
      if (!isAppended) {
        [...state.hashList.keys()].forEach((id) => state.apply({ kind: 'unlisted', id }));
      }
      const rows = entries.map((entry) => list(entry, state));
      return { answer: answer(rows, world), did: `${entries.length} files listed` };
    },
  };
}

function answer(rows: readonly ListedHash[], { behaviour }: RouteWorld): ApiAnswer {
  return answered(behaviour, behaviour.reputation.tellsIds ? rows : { count: rows.length });
}

function list(entry: Entry, state: TaniumState): ListedHash {
  const digests = [entry.sha256, entry.sha1, entry.md5].filter((digest) => digest !== '');
  const olds = digests.flatMap((digest) => state.hashEntryOf(digest)?.id ?? []);
  // What were two files until now turn out to be one.
  new Set(olds.filter((id) => id !== olds[0])).forEach((id) => state.apply({ kind: 'unlisted', id }));
  const kept = { id: olds[0] ?? state.nextId('hashList'), ...entry };
  state.apply({ kind: 'listed', entry: kept });
  return kept;
}

function removed(named: string, { state, behaviour }: RouteWorld): Write {
  const { deletesBy } = behaviour.reputation;
  const byId = deletesBy !== 'hash' && /^\d{1,9}$/.test(named) ? state.hashList.get(Number(named)) : undefined;
  const found = byId ?? (deletesBy === 'id' ? null : state.hashEntryOf(named));
  if (found === null) {
    throw refuse(404, 'reputation not found');
  }
  return {
    kind: 'write',
    counts: 'hashList',
    perform: () => {
      state.apply({ kind: 'unlisted', id: found.id });
      return { answer: answered(behaviour, {}), did: `file ${found.id} taken off the list` };
    },
  };
}

function entryFrom(value: unknown, place: number, keys: keyof typeof KEYS): Entry {
  const wrong = (what: string): Error => refuse(400, `entry ${place}: ${what}`);
  if (typeof value !== 'object' || value === null) {
    throw wrong('not an object');
  }
  const entry = value as Readonly<Record<string, unknown>>;
  const digestOf = (name: keyof typeof LENGTHS): string => {
    const digest = entry[KEYS[keys][name]];
    if (typeof digest !== 'string' || !(digest === '' || isHex(digest, LENGTHS[name]))) {
      throw wrong(`${KEYS[keys][name]} is not valid`);
    }
    return digest.toLowerCase();
  };
  const digests = { md5: digestOf('md5'), sha1: digestOf('sha1'), sha256: digestOf('sha256') };
  const { list: listName, uploadedHash, notes = '' } = entry;
  if (typeof listName !== 'string' || !LISTS.includes(listName)) {
    throw wrong('list is not valid');
  }
  if (
    typeof uploadedHash !== 'string' ||
    !Object.values(digests).includes(uploadedHash.toLowerCase()) ||
    uploadedHash === ''
  ) {
    throw wrong('uploadedHash is none of its hashes');
  }
  if (typeof notes !== 'string') {
    throw wrong('notes must be a text');
  }
  return { list: listName, ...digests, uploadedHash, notes };
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-f]+$/i.test(text);
}
