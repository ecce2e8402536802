import type { ServiceResult } from '../../net/service-fault.ts';
import { taniumAddress, type TaniumAddress } from './connection/address.ts';
import { createCaller, type Caller } from './connection/caller.ts';
import { deployIntel, findGroup, scanGroup } from './calls/endpoints.ts';
import { unsentFault } from './connection/faults.ts';
import { createHashList } from './calls/hash-list.ts';
import { createFindInterface, type FindInterface, type TaniumInterface } from './connection/interface.ts';
import { findIntel, listIntels, removeIntel } from './calls/intels.ts';
import { addLabel, createLabel, listLabels, removeLabel } from './calls/labels.ts';
import type { ThreatResponse, WriteResult } from './port.ts';
import { createQuickAdd } from './calls/quick-add.ts';
import { createSender, type Answer, type TaniumOptions } from './connection/sender.ts';
import { createSessionKeeper } from './connection/session.ts';
import { createSource, findSource } from './calls/sources.ts';
import { createIntel, replaceIntel } from './calls/write-intel.ts';

/**
 * Threat Response of one job. Nothing is sent before the first call; without a usable address, a user name or a secret
 * every call is a fault of kind `missing` or `url` that names the field. Calls may run beside each other.
 */
export function createThreatResponse(options: TaniumOptions): ThreatResponse {
  const address = taniumAddress(options.config.taniumUrl);
  const closing = new AbortController();
  const { base, host, hint } = address.kind === 'usable' ? address : { base: '', host: '', hint: '' };
  const sender = createSender(options, { base, host });
  const sessions = createSessionKeeper(sender, options, hint, closing.signal);
  const lacking = whatIsLacking(options, address);
  const plain = createCaller(sender, sessions, closing.signal, options.repeat);
  const call: Caller = async (ask, signal) => (lacking === null ? plain(ask, signal) : lacking);
  const within = createWithin(createFindInterface(call, options.config.threatResponseApi));
  const hashList = createHashList(call);
  return {
    host,
    open: (signal) => within(signal, async ({ api }) => ({ ok: true, value: { api } })),
    ...documentCalls(call, within),
    ...labelCalls(call, within),
    deploy: (signal) => within(signal, (one) => deployIntel(call, one, signal)),
    findGroup: (name, signal) => findGroup(call, name, signal),
    scan: (groupId, intelId, signal) => within(signal, (one) => scanGroup(call, one, groupId, intelId, signal)),
    listFiles: (files, signal) => hashList.add(files, signal),
    unlistFiles: (files, signal) => hashList.remove(files, signal),
    async close() {
      closing.abort();
      await sessions.end();
    },
  };
}

/** Does something with the interface that was found. Without one, nothing of the request was sent. */
type Within = <T>(
  signal: AbortSignal,
  use: (one: TaniumInterface) => Promise<ServiceResult<T>>,
) => Promise<ServiceResult<T>>;

function createWithin(find: FindInterface): Within {
  return async (signal, use) => {
    const found = await find(signal);
    return found.ok ? use(found.value) : { ok: false, fault: { ...found.fault, sent: false } };
  };
}

type DocumentCalls = 'findSource' | 'createSource' | 'intels' | 'intel' | 'create' | 'replace' | 'remove' | 'quickAdd';

function documentCalls(call: Caller, within: Within): Pick<ThreatResponse, DocumentCalls> {
  const quickAdd = createQuickAdd(call);
  /** A fault of a write says more; one that came before the write says nothing of its size. */
  const writing = async (
    signal: AbortSignal,
    use: (one: TaniumInterface) => Promise<WriteResult>,
  ): Promise<WriteResult> => {
    const result = await within(signal, async (one) => ({ ok: true, value: await use(one) }));
    return result.ok ? result.value : { ok: false, fault: { ...result.fault, mayBeTooLarge: false, kept: null } };
  };
  return {
    findSource: (name, signal) => within(signal, ({ prefix }) => findSource(call, prefix, name, signal)),
    createSource: (name, signal) => within(signal, ({ prefix }) => createSource(call, prefix, name, signal)),
    intels: (sourceId, signal) => within(signal, ({ prefix }) => listIntels(call, prefix, sourceId, signal)),
    intel: (intelId, signal) => within(signal, ({ prefix }) => findIntel(call, prefix, intelId, signal)),
    create: (sourceId, document, signal) =>
      writing(signal, ({ prefix }) => createIntel(call, prefix, sourceId, document, signal)),
    replace: (intelId, document, signal) =>
      writing(signal, ({ prefix }) => replaceIntel(call, prefix, intelId, document, signal)),
    remove: (intelId, signal) => within(signal, ({ prefix }) => removeIntel(call, prefix, intelId, signal)),
    quickAdd: (kind, values, signal) => within(signal, ({ prefix }) => quickAdd(prefix, kind, values, signal)),
  };
}

type LabelCalls = 'labels' | 'createLabel' | 'addLabel' | 'removeLabel';

function labelCalls(call: Caller, within: Within): Pick<ThreatResponse, LabelCalls> {
  return {
    labels: (signal) => within(signal, ({ prefix }) => listLabels(call, prefix, signal)),
    createLabel: (name, signal) => within(signal, ({ prefix }) => createLabel(call, prefix, name, signal)),
    addLabel: (intelId, labelId, signal) =>
      within(signal, ({ prefix }) => addLabel(call, prefix, intelId, labelId, signal)),
    removeLabel: (intelId, labelId, signal) =>
      within(signal, ({ prefix }) => removeLabel(call, prefix, intelId, labelId, signal)),
  };
}

/** Why nothing can be asked yet, as an answer to whatever is asked; null when everything is there. */
function whatIsLacking({ config, secret }: TaniumOptions, address: TaniumAddress): Answer | null {
  const isPassword = config.taniumAuth === 'password';
  if (config.taniumUrl.trim() === '') {
    return lacking('missing', 'Tanium Address is not set.');
  }
  if (address.kind === 'unusable') {
    return lacking('url', address.why);
  }
  if (isPassword && config.taniumUsername.trim() === '') {
    return lacking('missing', 'Tanium Username is not set.');
  }
  return secret.trim() === ''
    ? lacking('missing', `${isPassword ? 'Tanium Password' : 'The API token of Tanium'} is not set.`)
    : null;
}

function lacking(kind: 'missing' | 'url', message: string): Answer {
  return { ok: false, fault: unsentFault(kind, message), body: null, wasCut: false };
}
