import { checkKind } from '../check-kind.ts';
import type { Provider, ProviderContext, RequestResult } from '../port.ts';
import { credentialsOf, getOne, postBulk } from './client.ts';
import { MOST_HASHES, titaniumcloudFacts } from './facts.ts';
import { optionsOf } from './options.ts';
import { bulkResult, singleResult } from './result.ts';
import { wordOf } from './status-word.ts';
import { testConnection } from './test-connection.ts';

/**
 * ReversingLabs TitaniumCloud, today Spectra Intelligence, asked by its file reputation API (TCA-0101): up to 100 digests
 * of one kind per request, and a question about one digest by the single query, which costs the same.
 */
export const titaniumcloud: Provider = {
  facts: titaniumcloudFacts,
  async ask(hashes, kind, context, signal) {
    checkKind(titaniumcloudFacts, kind);
    const [first, ...others] = hashes;
    if (first === undefined || hashes.length > MOST_HASHES) {
      throw new RangeError(
        `ReversingLabs TitaniumCloud takes 1 to ${MOST_HASHES} hashes per request, not ${hashes.length}`,
      );
    }
    const lacking = titaniumcloudFacts.lacks?.(context.config) ?? null;
    if (lacking !== null) {
      return unsent(lacking);
    }
    return others.length === 0
      ? singleResult(await getOne(first, kind, context, signal), { hash: first, kind }, context)
      : bulkResult(await postBulk(hashes, kind, context, signal), { hashes, kind }, context);
  },
  test: (context: ProviderContext, signal) => testConnection(context, signal),
  keyForms: (context) => [credentialsOf(context)],
  page({ sha1, sha256, md5 }, config) {
    const { pageHost } = optionsOf(config);
    const other = sha256 ?? md5;
    if (pageHost === '' || (sha1 ?? other) === undefined) {
      return null;
    }
    return sha1 === undefined ? `https://${pageHost}/?q=${other}` : `https://${pageHost}/${sha1}/`;
  },
  word: wordOf,
};

/** Without a user name nothing may be sent: the service would count it as a wrong password. */
function unsent(message: string): RequestResult {
  const fault = { outcome: 'auth', at: 'key', message, window: null, until: null, sent: false } as const;
  return { ok: false, httpStatus: null, elapsedMs: 0, learned: [], fault };
}
