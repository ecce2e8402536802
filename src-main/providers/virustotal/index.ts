import { checkKind } from '../check-kind.ts';
import type { Provider } from '../port.ts';
import { getFile } from './client.ts';
import { virustotalFacts } from './facts.ts';
import { resultOf } from './result.ts';
import { testConnection } from './test-connection.ts';

const PAGES = 'https://www.virustotal.com/gui/file';

/** VirusTotal, asked by its API v3: one file per request, in JSON. */
export const virustotal: Provider = {
  facts: virustotalFacts,
  async ask(hashes, kind, context, signal) {
    checkKind(virustotalFacts, kind);
    const [hash] = hashes;
    if (hash === undefined || hashes.length > 1) {
      throw new RangeError(`VirusTotal takes one hash per request, not ${hashes.length}`);
    }
    return resultOf(await getFile(hash, context, signal), { hash, kind }, context);
  },
  test: testConnection,
  page({ sha256, sha1, md5 }) {
    const digest = sha256 ?? sha1 ?? md5;
    return digest === undefined ? null : `${PAGES}/${digest.toLowerCase()}`;
  },
};
