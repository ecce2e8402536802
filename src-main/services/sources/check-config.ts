import { isAbsolute } from 'node:path';
import { sourceLabel } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type SourceConfig, type SourceConfigChange, sourceConfigSchema } from '#shared/settings/source-config.ts';
import type { ProviderFacts } from '../../providers/port.ts';
import { checkedProxyUrl, checkedUrl } from './check-address.ts';

/**
 * The settings after a change, all of it or nothing: INVALID_ARGUMENT names the field and what it must be. Choosing a
 * plan brings the plan's limits along, except those the change sets itself; a public plan switches automatic asking off.
 */
export function changedConfig(
  facts: ProviderFacts,
  present: SourceConfig,
  change: SourceConfigChange,
  simulated: boolean,
): SourceConfig {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const isNewPlan = change.plan !== undefined && change.plan !== present.plan;
  const plan = change.plan ?? present.plan;
  const next = parsed(facts, {
    ...present,
    ...(isNewPlan ? facts.planLimits[plan] : {}),
    ...(isNewPlan && plan === 'public' ? { automatic: 'off' } : {}),
    ...given,
    options: { ...facts.defaults.options, ...present.options, ...change.options },
  });
  checkChoices(facts, next);
  checkOptions(facts, next);
  checkLicence(facts, next);
  const conflict = facts.conflict?.(next) ?? null;
  if (conflict !== null) {
    refuse(facts, conflict.field, conflict.what);
  }
  if (next.caFile !== null && (!isAbsolute(next.caFile) || isOnShare(next.caFile))) {
    refuse(facts, 'caFile', 'must be the whole path of a PEM file on this machine');
  }
  const url = checkedUrl(next.url, simulated);
  if ('fault' in url) {
    // A default that was never the user's choice must not stand in the way of other changes.
    return next.url === facts.defaults.url && change.url === undefined
      ? withProxy(facts, next, simulated)
      : refuse(facts, 'url', url.fault);
  }
  return withProxy(facts, { ...next, url: url.url }, simulated);
}

function parsed(facts: ProviderFacts, value: unknown): SourceConfig {
  const result = sourceConfigSchema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  return refuse(facts, issue?.path.join('.') ?? 'settings', `does not fit: ${issue?.message ?? 'unknown'}`);
}

function checkChoices(facts: ProviderFacts, next: SourceConfig): void {
  const most = facts.mostHashesPerRequest;
  if (next.hashesPerRequest > most) {
    refuse(facts, 'hashesPerRequest', `must be ${most === 1 ? '1: it takes one at a time' : `at most ${most}`}`);
  }
  for (const [field, choices] of [
    ['plan', facts.plans],
    ['authStyle', facts.authStyles],
    ['agent', facts.agents],
  ] as const) {
    if (!(choices as readonly string[]).includes(next[field])) {
      const shown = choices.map((choice) => (choice === '' ? 'empty' : choice)).join(' or ');
      refuse(facts, field, `must be ${shown}`);
    }
  }
}

function checkOptions(facts: ProviderFacts, next: SourceConfig): void {
  for (const [name, value] of Object.entries(next.options)) {
    const option = facts.options.find((one) => one.name === name);
    if (option === undefined) {
      const common = Object.keys(sourceConfigSchema.shape).filter((one) => one !== 'options');
      const names = [...common, ...facts.options.map((one) => one.name)].join(', ');
      refuse(facts, name, `is no setting of it; there are ${names}`);
    }
    if (option.choices !== null && !option.choices.some((choice) => choice.value === value)) {
      refuse(facts, name, `must be ${option.choices.map((choice) => choice.value).join(' or ')}`);
    }
    const fault = option.fault?.(value) ?? null;
    if (fault !== null) {
      refuse(facts, name, fault);
    }
  }
  if (!facts.hasNewItems && next.newItemDays !== null) {
    refuse(facts, 'newItemDays', 'must be none: the global interval holds for all of its items');
  }
}

function checkLicence(facts: ProviderFacts, next: SourceConfig): void {
  if (next.plan !== 'public') {
    return;
  }
  if (next.automatic !== 'off') {
    refuse(facts, 'automatic', 'must be off with a public key');
  }
  if (next.enabled && facts.licenceNote !== null && !next.licenceAccepted) {
    refuse(
      facts,
      'licenceAccepted',
      'must be true before a public key is used: its terms have to be read and accepted',
    );
  }
}

function withProxy(facts: ProviderFacts, next: SourceConfig, simulated: boolean): SourceConfig {
  if (next.proxy.kind !== 'manual') {
    return next;
  }
  const proxy = checkedProxyUrl(next.proxy.url, simulated);
  return 'fault' in proxy
    ? refuse(facts, 'proxy', proxy.fault)
    : { ...next, proxy: { kind: 'manual', url: proxy.url } };
}

/** Reading from a share signs in at whatever host its path names, offline or not. */
function isOnShare(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

function refuse(facts: ProviderFacts, field: string, what: string): never {
  throw new AppError('INVALID_ARGUMENT', `${sourceLabel(facts.source)}: ${field} ${what}. Nothing was changed.`);
}
