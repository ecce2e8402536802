import { createSpdxCounter } from '../counters/spdx-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { SPDX_COLUMNS, openSpdx } from '../parts/spdx-reader.ts';

const VERSION = /^SPDXVersion:[\t ]*SPDX-\d/;
const CHECKSUM = /^(?:File|Package)Checksum:[\t ]*[A-Za-z][\w-]{1,24}:[\t ]*[0-9a-f]{8,}$/i;
const TAG = /^(?:#|[A-Za-z][A-Za-z0-9]{1,59}:[\t ]|<)/;
/** Share of lines that must be tags where no line states the version. */
const ENOUGH = 0.5;
/** The version stands among the first lines, behind comments at most. */
const VERSION_LINES = 50;

/** SPDX in its tag-value form: files and packages with their checksums (https://spdx.github.io/spdx-spec/v2.3/). */
export const spdx: Format = {
  id: 'spdx',
  label: 'SPDX (tag-value)',
  probe(head) {
    const checksums = digestLines(head);
    const isStated = head.lines.slice(0, VERSION_LINES).some(({ text }) => VERSION.test(text));
    const tags = head.lines.filter(({ text }) => TAG.test(text)).length;
    return (isStated && (checksums > 0 || !head.complete)) || (checksums > 0 && tags >= head.lines.length * ENOUGH)
      ? fit(head, `${checksums} of ${head.lines.length} lines are “FileChecksum” or “PackageChecksum”`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: digestLines(head),
    carriedColumns: SPDX_COLUMNS,
    digestColumns: [],
    open: openSpdx,
    count: createSpdxCounter,
  };
}

function digestLines(head: Head): number {
  return head.lines.filter(({ text }) => CHECKSUM.test(text)).length;
}
