import { z } from 'zod';
import type { TermKind } from '#shared/domain/indicator.ts';
import type { SizedPackage } from '../../../db/repositories/sync/packages/packages.ts';
import { DOCUMENTED_FORMS } from '../../../destinations/openioc/documented-forms.ts';
import { learnForms } from '../../../destinations/openioc/learn-forms.ts';
import type { TermForm, TermForms } from '../../../destinations/openioc/port.ts';
import type { RunContext } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

const NETWORK_KINDS = ['ipv4', 'ipv6', 'host'] as const satisfies readonly TermKind[];
type NetworkKind = (typeof NETWORK_KINDS)[number];
type Learned = { readonly [K in NetworkKind]?: readonly TermForm[] | undefined };

const form = z.object({
  document: z.string(),
  search: z.string(),
  contentType: z.string(),
  condition: z.enum(['is', 'contains']),
});
const stored = z.object({
  ipv4: z.array(form).min(1).optional(),
  ipv6: z.array(form).min(1).optional(),
  host: z.array(form).min(1).optional(),
});

/**
 * How terms are written: as documented, or for addresses and hosts as Threat Response itself writes them, which it is asked
 * once for each kind. Where that cannot be learned the documented ones are taken, with a warning, and it is tried again.
 */
export async function termForms(
  context: RunContext,
  target: TaniumTarget,
  dirty: readonly SizedPackage[],
): Promise<TermForms> {
  const { parts, job } = context;
  if (job.config.networkTerms === 'documented') {
    return DOCUMENTED_FORMS;
  }
  const before = read((await parts.database.read('syncJob', { jobId: job.id }))?.termForms ?? null);
  const missing = NETWORK_KINDS.filter((kind) => before[kind] === undefined);
  const examples = missing.length === 0 ? new Map<NetworkKind, string>() : await findExamples(context, dirty, missing);
  let learned = before;
  for (const [kind, value] of examples) {
    const forms = await learn(context, target, kind, value);
    if (forms !== null) {
      learned = { ...learned, [kind]: forms };
    }
  }
  if (learned !== before) {
    await parts.database.write('setTermForms', { jobId: job.id, forms: JSON.stringify(learned) });
  }
  return {
    ...DOCUMENTED_FORMS,
    ipv4: learned.ipv4 ?? DOCUMENTED_FORMS.ipv4,
    ipv6: learned.ipv6 ?? DOCUMENTED_FORMS.ipv6,
    host: learned.host ?? DOCUMENTED_FORMS.host,
  };
}

async function learn(
  context: RunContext,
  target: TaniumTarget,
  kind: NetworkKind,
  value: string,
): Promise<readonly TermForm[] | null> {
  const answer = await context.tryAsk((signal) => target.client.quickAdd(kind, [value], signal));
  const forms = answer.ok ? learnForms(answer.value, kind, value) : null;
  if (forms === null) {
    const why = answer.ok ? 'Its answer holds no term for the value that was asked about.' : answer.fault.message;
    context.warn(
      `How Threat Response writes terms of kind ${kind} could not be learned, so the documented ones are used. ${why}`,
    );
    return null;
  }
  context.log.write('info', `Terms of kind ${kind} are written as ${forms.map(({ search }) => search).join(', ')}.`);
  return forms;
}

/** A value of each kind that is about to be sent anyway. */
async function findExamples(
  { parts }: RunContext,
  dirty: readonly SizedPackage[],
  missing: readonly NetworkKind[],
): Promise<Map<NetworkKind, string>> {
  const found = new Map<NetworkKind, string>();
  for (const { jobId, type, prefix, retiring } of dirty) {
    if (type === 'File' || retiring || found.size === missing.length) {
      continue;
    }
    const kinds = missing.filter((kind) => !found.has(kind));
    for (const { kind, value } of await parts.database.read('syncTermExamples', { jobId, type, prefix, kinds })) {
      const wanted = kinds.find((one) => one === kind);
      if (wanted !== undefined) {
        found.set(wanted, value);
      }
    }
  }
  return found;
}

function read(text: string | null): Learned {
  if (text === null) {
    return {};
  }
  const parsed = stored.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : {};
}
