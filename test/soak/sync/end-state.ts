import { createHash } from 'node:crypto';
import type { TaniumSimulator } from '#main/simulators/tanium/port.ts';
import { FOREIGN } from './rounds.ts';

/** What stands in Threat Response: each document of the job by its name, files on the hash list, and what is not the job's. */
export interface EndState {
  readonly documents: ReadonlyMap<string, SoakDocument>;
  /** Names and root ids of which there is more than one document. */
  readonly doubles: readonly string[];
  /** Digests of the files on the hash list, sorted, with lists and notes; what is listed twice stands twice. */
  readonly listed: readonly string[];
  readonly foreign: string;
}

export interface SoakDocument {
  readonly intelId: number;
  readonly rootId: string;
  /** Of what it searches for, in whatever order it stands there. */
  readonly digest: string;
  readonly terms: number;
  readonly labels: string;
}

/** Reads it behind the server's back. */
export function endStateOf({ control }: TaniumSimulator): EndState {
  const terms = new Map<number, string[]>();
  for (const { intelId, document, search, condition, content } of control.terms()) {
    const line = [document, search, condition, content].join(' ');
    const found = terms.get(intelId);
    if (found === undefined) {
      terms.set(intelId, [line]);
    } else {
      found.push(line);
    }
  }
  const documents = new Map<string, SoakDocument>();
  const doubles: string[] = [];
  const rootIds = new Set<string>();
  const foreign: string[] = [];
  for (const { id, name, intrinsicId, contents, sourceId } of control.intels()) {
    const labels = control.labelsOf(id).join(', ');
    if (name === FOREIGN) {
      foreign.push([id, sourceId, intrinsicId, labels, sha256(contents)].join(' '));
      continue;
    }
    if (documents.has(name) || rootIds.has(intrinsicId)) {
      doubles.push(`${name} (${intrinsicId})`);
    }
    rootIds.add(intrinsicId);
    const lines = (terms.get(id) ?? []).toSorted();
    documents.set(name, {
      intelId: id,
      rootId: intrinsicId,
      digest: sha256(lines.join('\n')),
      terms: lines.length,
      labels,
    });
  }
  return {
    documents,
    doubles,
    listed: control
      .hashList()
      .map(({ list, md5, sha1, sha256: long, notes }) => [list, md5, sha1, long, notes].join(' '))
      .toSorted(),
    foreign: foreign.toSorted().join('\n'),
  };
}

/** What differs, in sentences; the first few of each kind. `was` is what it is to be. */
export function differences(was: EndState, is: EndState): readonly string[] {
  const missing = [...was.documents.keys()].filter((name) => !is.documents.has(name));
  const extra = [...is.documents.keys()].filter((name) => !was.documents.has(name));
  const pairs = [...was.documents].flatMap(([name, one]) => {
    const other = is.documents.get(name);
    return other === undefined ? [] : [{ name, one, other }];
  });
  const listed = new Set(was.listed);
  const found = new Set(is.listed);
  return [
    some('packages are missing', missing),
    some('packages should not be there', extra),
    some(
      'packages search for something else',
      pairs
        .filter(({ one, other }) => one.digest !== other.digest)
        .map(({ name, one, other }) => `${name}: ${other.terms} terms, not ${one.terms}`),
    ),
    some(
      'packages carry other labels',
      pairs
        .filter(({ one, other }) => one.labels !== other.labels)
        .map(({ name, one, other }) => `${name}: ${other.labels}, not ${one.labels}`),
    ),
    some(
      'files are missing on the hash list',
      was.listed.filter((line) => !found.has(line)),
    ),
    some(
      'files should not be on the hash list',
      is.listed.filter((line) => !listed.has(line)),
    ),
    some(
      'files are on the hash list twice',
      is.listed.filter((line, index) => line === is.listed[index - 1]),
    ),
    some('documents are there twice', is.doubles),
  ].flat();
}

const SHOWN = 3;

function some(what: string, which: readonly string[]): readonly string[] {
  return which.length === 0 ? [] : [`${which.length} ${what}: ${which.slice(0, SHOWN).join('; ')}`];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
