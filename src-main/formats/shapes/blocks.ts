import { createBlockCounter } from '../counters/block-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { classifyName } from '../names/classify-name.ts';
import { type BlockStyle, LIST_STYLE, PACKAGE_STYLE, openBlocks } from '../parts/block-reader.ts';

const PACKAGE_FIELDS = ['Package', 'Version', 'Architecture', 'Size', 'Filename'];

/** `Get-FileHash | Format-List`: blocks of `Name : value` with blank lines between. */
export const getFileHashList: Format = {
  id: 'get-filehash-list',
  label: 'Get-FileHash (list)',
  probe(head) {
    const fields = fieldsOf(head, LIST_STYLE);
    const hits = fields.filter(
      ({ key, value }) => classifyName(key) !== null && /^[0-9A-Fa-f]{32,}$/.test(value),
    ).length;
    return hits > 0 && fields.length >= head.lines.length * 0.6
      ? fit(head, LIST_STYLE, `${hits} ${hits === 1 ? 'block' : 'blocks'} of “Hash : ...”`)
      : null;
  },
  assume: (head) => fit(head, LIST_STYLE, 'asked for'),
};

/** The index of a package archive: paragraphs with `Package:`, `MD5sum:`, `SHA256:`. */
export const packageIndex: Format = {
  id: 'package-index',
  label: 'Package index (Debian)',
  probe(head) {
    const fields = fieldsOf(head, PACKAGE_STYLE);
    const packages = fields.filter(({ key }) => key === 'Package').length;
    const hits = fields.filter(
      ({ key, value }) => classifyName(key)?.kind === 'digest' && /^[0-9a-f]{32,64}$/i.test(value),
    ).length;
    return packages > 0 && hits > 0 && fields.length >= head.lines.length * 0.4
      ? fit(head, PACKAGE_STYLE, `paragraphs with Package and ${hits} digest fields`)
      : null;
  },
  assume: (head) => fit(head, PACKAGE_STYLE, 'asked for'),
};

function fit(head: Head, style: BlockStyle, why: string): Fit {
  const fields = fieldsOf(head, style);
  const keys = [...new Set(fields.map(({ key }) => key))];
  const isDigest = (key: string): boolean => {
    const meaning = classifyName(key);
    return meaning?.kind === 'digest' || (style === LIST_STYLE && meaning?.kind === 'any');
  };
  const carried = style === PACKAGE_STYLE ? PACKAGE_FIELDS : keys.filter((key) => !isDigest(key)).slice(0, 64);
  return {
    why,
    digests: fields.filter(({ key, value }) => isDigest(key) && /^[0-9a-f]{32,64}$/i.test(value)).length,
    carriedColumns: carried,
    digestColumns: keys.filter(isDigest),
    open: (sink) => openBlocks(sink, style, carried),
    count: () => createBlockCounter(style.separator),
  };
}

function fieldsOf(head: Head, style: BlockStyle): { readonly key: string; readonly value: string }[] {
  return head.lines.flatMap(({ start, text }) => {
    const isIndented = head.bytes[start] === 32 || head.bytes[start] === 9;
    const match = isIndented ? null : style.field.exec(text);
    return match === null ? [] : [{ key: match[1] ?? '', value: match[2] ?? '' }];
  });
}
