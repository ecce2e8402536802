import type { ReactNode } from 'react';
import type { IntakePreview, PreviewPart } from '#shared/contract/intake.ts';
import { bytes, counted, number } from '../../../components/words.ts';
import { Rows } from './preview-rows.tsx';

type Inside = NonNullable<IntakePreview['inside']>;

/**
 * What lies in an archive: its files with what each is read as, then the first rows of its lists. Of a workbook or document:
 * each sheet, or its text, with its first rows and lines.
 */
export function PreviewInside({ inside: { holds, parts, more, isCounted } }: { readonly inside: Inside }): ReactNode {
  const isArchive = holds === 'archive';
  const isShown = ({ rows, text }: PreviewPart): boolean => !isArchive || rows.length > 0 || text.length > 0;
  return (
    <>
      {isArchive && parts.length > 0 ? <Files files={parts} /> : null}
      {more === 0 ? null : (
        <p className="small t2">
          {isCounted ? '' : 'At least '}
          {number(more)} more.
        </p>
      )}
      {parts.filter(isShown).map((part, place) => (
        <section key={`${place}:${part.name}`} className="previewpart">
          {!isArchive && parts.length === 1 && part.kind === 'list' ? null : (
            <h3 className="small medium cut" title={part.name}>
              <bdi>{part.name}</bdi> {isArchive ? null : <span className="t2">{outcomeOf(part)}</span>}
            </h3>
          )}
          {part.text.length === 0 ? null : <Lines part={part} />}
          {part.rows.length === 0 ? null : <Rows records={part} label={`First rows of ${part.name}`} />}
        </section>
      ))}
    </>
  );
}

/** In a sentence or two: what it is and what was found in it. */
export function insideSummary({ formatLabel, why, isList, isWhole, counts }: IntakePreview, inside: Inside): string {
  const { holds, parts, ended } = inside;
  const how = `${formatLabel}${why === '' ? '' : ` (${why})`}.`;
  if (parts.length === 0) {
    return ended === '' ? `${how} Nothing lies in it.` : `${how} Nothing in it can be shown: ${ended}.`;
  }
  const early = ended === '' ? '' : ` Looking ended early: ${ended}.`;
  const locked = parts.some(({ kind, isEncrypted }) => kind === 'refused' && isEncrypted)
    ? ' A password for what is encrypted is asked for once it is read.'
    : '';
  if (!isList) {
    return isWhole
      ? `${how} Its text holds no hash: read by itself, the file is hashed as a sample.`
      : `${how} No hash in what was looked at: read by itself, the file is hashed as a sample, unless a hash comes later in its text.${early}`;
  }
  const found = holds === 'document' && parts.length === 1 ? '' : ` ${foundWords(inside)}.`;
  const records = `${isWhole ? '' : 'In what was looked at: '}${[
    counted(counts.hashed, 'row with a hash', 'rows with a hash'),
    `${number(counts.without)} without`,
    `${number(counts.rejected)} rejected`,
  ].join(', ')}.`;
  const hasLists = holds === 'document' || parts.some(({ kind }) => kind === 'list');
  return `${how}${found}${hasLists ? ` ${records}` : ''}${locked}${early}`;
}

function foundWords({ holds, parts, more, isCounted }: Inside): string {
  const all = parts.length + more;
  const total = counted(all, holds === 'archive' ? 'file' : 'sheet');
  const kinds = KINDS.map(({ kind, one, many }) => ({
    count: parts.filter((part) => part.kind === kind).length,
    one,
    many,
  }))
    .filter(({ count }) => count > 0)
    .map(({ count, one, many }) => counted(count, one, many));
  const shown = more === 0 ? '' : `, of the first ${number(parts.length)}`;
  return `${isCounted ? total : `At least ${total}`}${holds === 'archive' ? `${shown}: ${kinds.join(', ')}` : ''}`;
}

const KINDS: readonly { readonly kind: PreviewPart['kind']; readonly one: string; readonly many: string }[] = [
  { kind: 'list', one: 'list', many: 'lists' },
  { kind: 'sample', one: 'sample', many: 'samples' },
  { kind: 'container', one: 'archive or document', many: 'archives or documents' },
  { kind: 'refused', one: 'that cannot be read', many: 'that cannot be read' },
  { kind: 'unseen', one: 'not looked at', many: 'not looked at' },
];

function Files({ files }: { readonly files: readonly PreviewPart[] }): ReactNode {
  return (
    <div className="scrollbox parts" role="region" aria-label="What lies in it" tabIndex={0}>
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className="num">
              Size
            </th>
            <th scope="col">Read as</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file, place) => (
            <tr key={`${place}:${file.name}`}>
              <td className="cut" title={file.name}>
                <bdi>{file.name}</bdi>
              </td>
              <td className="num t2">{file.size === null ? '–' : bytes(file.size)}</td>
              <td className="t2 wrap">
                {file.isEncrypted ? <span className="tag">encrypted</span> : null} {outcomeOf(file)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function outcomeOf({ kind, what }: PreviewPart): string {
  switch (kind) {
    case 'list':
      return what;
    case 'sample':
      return 'Sample: its content is hashed';
    case 'container':
      return `${what}: opened in its turn`;
    case 'refused':
      return `Not read: ${what}`;
    default:
      return 'Not looked at before it is read';
  }
}

/** Text as it was drawn out of a document. */
function Lines({ part }: { readonly part: PreviewPart }): ReactNode {
  return (
    <div className="scrollbox previewlines" role="region" aria-label={`First lines of ${part.name}`} tabIndex={0}>
      {part.text.map((line, place) => (
        <p key={place}>
          <bdi>{line}</bdi>
        </p>
      ))}
    </div>
  );
}
