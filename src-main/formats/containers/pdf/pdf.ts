import { grouped } from '#shared/domain/grouped.ts';
import { BOUNDS } from '../bounds.ts';
import {
  type ByteSource,
  type ContainerFinding,
  type ContainerFormat,
  type ContainerOptions,
  MemberFault,
} from '../port.ts';
import { PDF_LIMITS, type PdfLimits, PdfThread } from './pdf-thread.ts';

/**
 * PDF documents (ISO 32000-1 and -2): the text of all pages as one member, line by line as it was written; pictures hold no text. Tried
 * without a password first. A page that cannot be read is passed over and told at the end.
 */
export const pdf: ContainerFormat = pdfWithin(PDF_LIMITS);

/** The same within other limits. */
export function pdfWithin(limits: PdfLimits): ContainerFormat {
  return { id: 'pdf', label: 'PDF document', open: (source, options) => openText(source, options, limits) };
}

async function* openText(
  source: ByteSource,
  { passwords, signal }: ContainerOptions,
  limits: PdfLimits,
): AsyncGenerator<ContainerFinding> {
  if (source.size > BOUNDS.heldBytes) {
    throw new MemberFault('limit', `it is larger than ${BOUNDS.heldBytes / 1024 / 1024} MiB`);
  }
  const bytes = new Uint8Array(await source.read(0, source.size));
  const thread = new PdfThread({ bytes, passwords }, limits);
  try {
    const opened = await thread.next(signal);
    if (opened.kind === 'refused') {
      throw new MemberFault(opened.why, opened.reason);
    }
    const pages = opened.kind === 'opened' ? opened.pages : 0;
    yield {
      kind: 'member',
      name: 'text',
      as: 'text',
      format: 'text',
      size: null,
      content: pagesOf(thread, pages, signal),
    };
  } finally {
    await thread.close();
  }
}

async function* pagesOf(thread: PdfThread, pages: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let [read, unreadable] = [0, 0];
  for (;;) {
    const next = await thread.next(signal).catch((error: unknown) => {
      throw error instanceof MemberFault
        ? new MemberFault(error.why, `${error.message}, from page ${read + 1} on`)
        : error;
    });
    if (next.kind !== 'page') {
      break;
    }
    read += 1;
    if (next.text === null) {
      unreadable += 1;
    } else if (next.text !== '') {
      yield Buffer.from(next.text, 'utf8');
    }
  }
  if (unreadable > 0) {
    throw new MemberFault('damaged', `${grouped(unreadable)} of its ${grouped(pages)} pages cannot be read`);
  }
}
