import { manifestViewSchema, type ManifestView } from '#shared/contract/report.ts';
import { SEAL_BLANK } from './seal.ts';
import type { ReportHead } from './port.ts';

/** How a manifest begins in every text form: verifying finds it by this. */
const BEGIN = '{"assayReport":1,';
const END = /"seal":"assay-seal:[0-9a-f]{64}"\}/g;

/** What a manifest says of a report. */
export function manifestOf({ format, madeBy, madeAt, statement, rows, inputs, simulated }: ReportHead): ManifestView {
  return {
    format,
    madeBy,
    madeAt,
    title: statement.title,
    examiner: statement.examiner,
    caseName: statement.caseName,
    rows,
    inputs: inputs.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    simulated,
  };
}

/**
 * The manifest as one line of JSON with the place of the seal as its last value. Nothing but ASCII and no `<`, `>` or `&`,
 * so that it stands as it is in HTML, in a comment of a PDF and inside of larger JSON.
 */
export function manifestText(head: ReportHead): string {
  const facts = JSON.stringify(manifestOf(head)).slice(1, -1);
  const plain = facts.replace(
    /[<>&\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${BEGIN}${plain},"seal":"${SEAL_BLANK}"}`;
}

/** The last manifest in a text; null when there is none, or one of another kind. */
export function readManifest(text: string): ManifestView | null {
  const start = text.lastIndexOf(BEGIN);
  if (start === -1) {
    return null;
  }
  END.lastIndex = start;
  const end = END.exec(text);
  if (end === null) {
    return null;
  }
  try {
    const {
      assayReport: _,
      seal: __,
      ...facts
    } = JSON.parse(text.slice(start, END.lastIndex)) as Record<string, unknown>;
    return manifestViewSchema.safeParse(facts).data ?? null;
  } catch {
    // A manifest that was changed until it is no JSON says nothing; the seal tells that the file was changed.
    return null;
  }
}
