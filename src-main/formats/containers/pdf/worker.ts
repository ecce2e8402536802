import { parentPort, workerData } from 'node:worker_threads';
import type { FromPdfThread, PdfStart } from './messages.ts';
import { readPages } from './read-pages.ts';

/** Thread entry: reads one document, a page each time it is asked, so that no more text waits than one page's. */
const { bytes, passwords } = workerData as PdfStart;
const pages = readPages(bytes, passwords);
const port = parentPort;

port?.on('message', () => {
  void pages.next().then(({ value, done }) => {
    const message: FromPdfThread = done === true ? { kind: 'end' } : value;
    port.postMessage(message);
  });
});
