import type { TermKind } from '#shared/domain/indicator.ts';
import type { ServiceResult } from '../../../net/service-fault.ts';
import type { Body } from '../connection/body.ts';
import type { Caller } from '../connection/caller.ts';
import { oddAnswer } from '../connection/faults.ts';
import { isObject, unwrapped } from '../connection/fields.ts';
import { failed, type Answer } from '../connection/sender.ts';

/** Asks Threat Response how it would write values itself. */
export type QuickAdd = (
  prefix: string,
  kind: TermKind,
  values: readonly string[],
  signal: AbortSignal,
) => Promise<ServiceResult<string>>;

type TypeNames = 'new' | 'old';

/** Newer servers name the types as their console does, older ones as its code did. */
const NAMES: Readonly<Record<TypeNames, { readonly file: string; readonly network: string }>> = {
  new: { file: 'File Hashes', network: 'Network Indicators' },
  old: { file: 'file_hash', network: 'ip_or_host' },
};

/**
 * `POST /intels/quick-add`, which answers with a document and keeps none. The new names of types are tried first, the old
 * ones when those are refused; the ones that worked stay.
 */
export function createQuickAdd(call: Caller): QuickAdd {
  let works: TypeNames | null = null;
  return async (prefix, kind, values, signal) => {
    const ask = (names: TypeNames): Promise<Answer> => call(askOf(prefix, kind, values, names), signal);
    const first = await ask(works ?? 'new');
    if (works !== null || first.ok || first.fault.httpStatus !== 400) {
      works = first.ok ? (works ?? 'new') : works;
      return documentOf(first);
    }
    const second = await ask('old');
    works = second.ok ? 'old' : null;
    return documentOf(second);
  };
}

function askOf(prefix: string, kind: TermKind, values: readonly string[], names: TypeNames): Parameters<Caller>[0] {
  const isNetwork = kind === 'ipv4' || kind === 'ipv6' || kind === 'host';
  return {
    method: 'POST',
    path: `${prefix}/intels/quick-add`,
    what: 'write terms',
    isRepeatable: true,
    headers: { accept: 'application/xml, application/json;q=0.9, */*;q=0.8' },
    body: JSON.stringify({
      exact: true,
      name: 'Assay terms',
      type: isNetwork ? NAMES[names].network : NAMES[names].file,
      text: values.join('\n'),
    }),
  };
}

function documentOf(answer: Answer): ServiceResult<string> {
  if (!answer.ok) {
    return failed(answer);
  }
  const xml = xmlIn(answer.body);
  return xml === null
    ? { ok: false, fault: oddAnswer(answer.status, 'is no document', answer.asking) }
    : { ok: true, value: xml };
}

/** As text, or as text inside JSON, wrapped or bare. */
function xmlIn(body: Body): string | null {
  if (body.kind === 'other') {
    return body.text.startsWith('<') ? body.text : null;
  }
  const value = body.kind === 'json' ? unwrapped(body.value) : null;
  const texts = isObject(value) ? Object.values(value) : [value];
  const found = texts.find((text) => typeof text === 'string' && text.trimStart().startsWith('<'));
  return typeof found === 'string' ? found.trim() : null;
}
