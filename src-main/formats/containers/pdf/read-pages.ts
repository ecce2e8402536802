import { getDocumentProxy } from 'unpdf';
import type { FromPdfThread } from './messages.ts';
import type { PlacedText } from './fragments.ts';
import { PageTexts } from './page-text.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/**
 * Nothing but text: no code made at run time, no fonts or pictures loaded, no forms, no scripts of the document, nothing
 * fetched. Damage is passed over as far as it goes.
 */
const OPTIONS = {
  isEvalSupported: false,
  disableFontFace: true,
  useSystemFonts: false,
  useWorkerFetch: false,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  enableXfa: false,
  disableRange: true,
  disableStream: true,
  disableAutoFetch: true,
  stopAtErrors: false,
  verbosity: 0,
  maxImageSize: 1,
} as const;

/** Opens a document and reads the text of its pages in their order. Ends early only when it cannot be opened at all. */
export async function* readPages(bytes: Uint8Array, passwords: readonly string[]): AsyncGenerator<FromPdfThread> {
  const opened = await openDocument(bytes, passwords);
  if ('kind' in opened) {
    yield opened;
    return;
  }
  const texts = new PageTexts();
  yield { kind: 'opened', pages: opened.numPages };
  for (let number = 1; number <= opened.numPages; number += 1) {
    yield { kind: 'page', text: await pageText(opened, number, texts) };
  }
}

async function openDocument(
  bytes: Uint8Array,
  passwords: readonly string[],
): Promise<PdfDocument | Extract<FromPdfThread, { kind: 'refused' }>> {
  for (const password of ['', ...passwords]) {
    try {
      // A copy each time: what is given is taken over.
      return await getDocumentProxy(bytes.slice(), { ...OPTIONS, password });
    } catch (error) {
      const { name = '', message = '' } = error instanceof Error ? error : {};
      if (name !== 'PasswordException') {
        return { kind: 'refused', why: 'damaged', reason: `it is no PDF that can be read (${plain(message)})` };
      }
    }
  }
  return { kind: 'refused', why: 'encrypted', reason: 'it is encrypted and no password fits' };
}

async function pageText(document: PdfDocument, number: number, texts: PageTexts): Promise<string | null> {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: false });
    page.cleanup();
    return texts.next(items.filter((item): item is typeof item & PlacedText => 'transform' in item));
  } catch {
    // Counted by whoever asked: the other pages can still be read.
    return null;
  }
}

function plain(message: string): string {
  return message.replace(/\.$/, '').slice(0, 120);
}
