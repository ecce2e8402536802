import type { ExportRow } from '../services/intake/port.ts';

/**
 * Rows as JSON, one object per line. `carried` is an object by column name; a name that occurs twice is numbered.
 * `answeredAt` is ISO 8601 in UTC, `ageSeconds` counts from `now` (seconds since the epoch); both null without an answer.
 * With `simulated` every row begins with `"simulated":true`: the answers are made up. `more` gives further members of a
 * row's object, each with a comma behind; they stand before `carried`.
 *
 * Put together by hand, because a million rows are written: only text that came from outside needs to be escaped.
 */
export function jsonlRows<Row extends ExportRow = ExportRow>(
  columns: readonly string[],
  now: number,
  simulated = false,
  more: (row: Row) => string = () => '',
): (row: Row) => string {
  const mark = simulated ? '"simulated":true,' : '';
  const names = numbered(columns).map((name) => JSON.stringify(name));
  const fileText = remembered((file) => JSON.stringify(file));
  const flagText = remembered((flags: ExportRow['verdict']['flags']) =>
    FLAGS.map((flag) => `"${flag}":${flags.includes(flag)},`).join(''),
  );
  return (row) => {
    const { verdict, digests } = row;
    const { source, answeredAt } = verdict;
    const answered =
      answeredAt === null
        ? '"answeredAt":null,"ageSeconds":null'
        : `"answeredAt":"${isoTime(answeredAt)}","ageSeconds":${Math.max(0, now - answeredAt)}`;
    return (
      `{${mark}"hash":"${row.hash}","kind":"${row.kind}","verdict":"${verdict.status}",` +
      `"basis":{"rule":"${verdict.rule}","source":${source === null ? 'null' : `"${source}"`},` +
      `"agreeing":${verdict.agreeing},${answered}},${flagText(verdict.flags)}` +
      `"digests":{${digestText(digests)}},"occurrences":${row.occurrences},` +
      `"where":[${whereText(row.where, fileText)}],${more(row)}"carried":{${carriedText(names, row.carried)}}}\n`
    );
  };
}

const FLAGS = ['conflict', 'stale', 'ambiguous', 'weak', 'asserted'] as const;

function digestText(digests: ExportRow['digests']): string {
  let text = '';
  for (const kind of ['sha256', 'sha1', 'md5'] as const) {
    const hex = digests[kind];
    if (hex !== undefined) {
      text += `${text === '' ? '' : ','}"${kind}":"${hex}"`;
    }
  }
  return text;
}

function whereText(where: ExportRow['where'], fileText: (file: string) => string): string {
  let text = '';
  for (const { file, line } of where) {
    text += `${text === '' ? '' : ','}{"file":${fileText(file)},"line":${line}}`;
  }
  return text;
}

function carriedText(names: readonly string[], carried: readonly string[]): string {
  let text = '';
  for (const [index, name] of names.entries()) {
    text += `${index === 0 ? '' : ','}${name}:${JSON.stringify(carried[index] ?? '')}`;
  }
  return text;
}

/** Rows that follow each other mostly share file and flags: the last result is kept. */
function remembered<T>(make: (value: T) => string): (value: T) => string {
  let last: { readonly value: T; readonly text: string } | null = null;
  return (value) => {
    if (last === null || last.value !== value) {
      last = { value, text: make(value) };
    }
    return last.text;
  };
}

/** ISO 8601 in UTC, whole seconds. */
export function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Column names, each once: the second `name` becomes `name (2)`. */
export function numbered(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let count = 2; taken.has(name); count += 1) {
      name = `${column} (${count})`;
    }
    taken.add(name);
    return name;
  });
}
