import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpResponse, HttpResult } from '../../net/port.ts';
import { checkKind } from '../check-kind.ts';
import { networkFault } from '../network-fault.ts';
import type { ConnectionTest, Provider, ProviderContext, RequestFault, RequestResult } from '../port.ts';
import { postVerdict, postVerdicts } from './client.ts';
import { TEST_HASH } from '../test-hash.ts';
import { wildfireFacts } from './facts.ts';
import { faultOf } from './faults.ts';
import { mapVerdicts } from './map.ts';
import { meaningOf } from './verdict-code.ts';
import { parseWildFire, type VerdictEntry } from './xml.ts';

/**
 * Palo Alto Networks WildFire, asked by its public API: batches of up to 500 MD5 or SHA-256 digests, answers in XML.
 * It has no page per file that is documented, no score, no threat name and no times.
 */
export const wildfire: Provider = {
  facts: wildfireFacts,
  async ask(hashes, kind, context, signal) {
    checkKind(wildfireFacts, kind);
    return resultOf(await postVerdicts(hashes, context, signal), hashes, kind, context);
  },
  async test(context, signal) {
    return testOf(resultOf(await postVerdict(TEST_HASH, context, signal), [TEST_HASH], 'sha256', context));
  },
  page: () => null,
  word: (rawCode) => meaningOf(rawCode)?.meaning.word ?? null,
};

function resultOf(
  result: HttpResult,
  hashes: readonly HexDigest[],
  kind: DigestKind,
  context: ProviderContext,
): RequestResult {
  if (!result.ok) {
    const { elapsedMs } = result.fault;
    return { ok: false, httpStatus: null, elapsedMs, learned: [], fault: networkFault(result.fault) };
  }
  const { response } = result;
  const read = readAnswer(response, hashes.length, context);
  const common = { httpStatus: response.status, elapsedMs: response.elapsedMs, learned: [] };
  return read.kind === 'fault'
    ? { ok: false, ...common, fault: read.fault }
    : { ok: true, ...common, answers: mapVerdicts({ hashes, kind, cloud: cloudOf(context) }, read.entries) };
}

function readAnswer(
  response: HttpResponse,
  hashes: number,
  context: ProviderContext,
): { readonly kind: 'fault'; readonly fault: RequestFault } | { kind: 'entries'; entries: readonly VerdictEntry[] } {
  const document = parseWildFire(response.body);
  const text = new TextDecoder().decode(response.body);
  const fault = faultOf(response, text, document, { hashes, now: context.now(), key: context.key });
  if (fault !== null) {
    return { kind: 'fault', fault };
  }
  return { kind: 'entries', entries: document.kind === 'document' ? document.entries : [] };
}

function testOf(result: RequestResult): ConnectionTest {
  const { httpStatus, elapsedMs, learned } = result;
  const common = { learned, httpStatus, elapsedMs };
  if (!result.ok) {
    const { at, message, sent } = result.fault;
    return { ...common, ok: false, at, message, billed: sent ? 1 : 0, sent };
  }
  const [answer] = result.answers;
  if (answer === undefined || answer.outcome === 'protocol' || answer.outcome === 'transient') {
    return { ...common, ok: false, at: 'answer', message: answer?.note ?? 'WildFire gave no answer.', billed: 1 };
  }
  return { ...common, ok: true, at: null, message: 'WildFire answers, and takes the key.', billed: 1 };
}

function cloudOf({ config }: ProviderContext): string {
  return URL.canParse(config.url) ? new URL(config.url).host : '';
}
