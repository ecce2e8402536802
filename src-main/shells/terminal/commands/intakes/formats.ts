import { formatCatalogue } from '../../../../formats/catalogue.ts';
import { EXIT } from '../../exit-codes.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import type { Session } from '../../session.ts';

/** Names every format, whether or not anything is installed or kept: no data directory is opened. */
export async function listFormats(session: Session, format: OutputFormat): Promise<number> {
  await writeListing(session, format, {
    rows: formatCatalogue(),
    whenEmpty: 'No formats.',
    columns: [
      { header: 'format', cell: ({ id }) => id },
      { header: 'name', cell: ({ label }) => label, least: 12 },
      { header: 'what it is', cell: ({ what }) => what, least: 20 },
      { header: 'example', cell: ({ example }) => example, least: 12 },
    ],
    data: ({ id, label, kind, what, example }) => ({ id, label, kind, what, example }),
  });
  return EXIT.done;
}
