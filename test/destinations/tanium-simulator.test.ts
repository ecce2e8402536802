import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Term } from '#shared/domain/indicator.ts';
import { DOCUMENTED_FORMS } from '#main/destinations/openioc/documented-forms.ts';
import { learnForms } from '#main/destinations/openioc/learn-forms.ts';
import { writeOpenIoc } from '#main/destinations/openioc/write.ts';
import type { IntelDocument, ThreatResponse } from '#main/destinations/tanium/port.ts';
import { SIMULATED_TANIUM, type TaniumOptions, type TaniumSimulator } from '#main/simulators/tanium/port.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { connect } from './tanium-server.ts';

const never = new AbortController().signal;
const ROOT = '3f1c2a9e-7d4b-5e60-9a11-0c2d3e4f5a6b';
const OTHER_ROOT = '99999999-7d4b-5e60-9a11-0c2d3e4f5a6b';
const TERMS: readonly Term[] = [
  { kind: 'sha256', value: 'ab'.repeat(32) },
  { kind: 'md5', value: 'cd'.repeat(16) },
  { kind: 'ipv4', value: '203.0.113.7' },
  { kind: 'host', value: 'bad.example' },
];
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

interface Started {
  readonly client: ThreatResponse;
  readonly simulator: TaniumSimulator;
}

async function started(
  options: Partial<TaniumOptions> = {},
  settings: Parameters<typeof connect>[1] = {},
): Promise<Started> {
  const simulator = await createTaniumSimulator(options);
  undo.push(() => simulator.close());
  const { username, password } = SIMULATED_TANIUM;
  const { client, close } = connected(simulator.url, { taniumUsername: username, secret: password, ...settings });
  undo.push(close);
  return { client, simulator };
}

function connected(
  url: string,
  settings: Parameters<typeof connect>[1],
): { readonly client: ThreatResponse; readonly close: () => Promise<void> } {
  const one = connect(url, settings);
  const close = async (): Promise<void> => {
    await one.client.close();
    await one.close();
  };
  return { client: one.client, close };
}

function documentOf(terms: readonly Term[], rootId = ROOT, name = 'Feed - Größe 01'): IntelDocument {
  const content = { rootId, name, description: 'From ThreatConnect', modifiedAt: Date.UTC(2026, 10, 22), terms };
  return { rootId, name, description: content.description, xml: writeOpenIoc(content, DOCUMENTED_FORMS) };
}

/** The value of a result; a fault fails the test with its words. */
function valueOf<T>(
  result:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly fault: { readonly message: string } },
): T {
  if (!result.ok) {
    throw new Error(result.fault.message);
  }
  return result.value;
}

describe.each([
  ['4', {}],
  ['3', {}],
  ['4', { bareLogin: true, wrapped: false, ignoreSourceFilter: true, ignorePaging: true, contentsInLists: true }],
  ['3', { wrapped: true, sameRootId: 'in-place', expiredStatus: 401 }],
] as const)('Threat Response %s, behaving as %o', (api, behaviour) => {
  it('takes, lists, replaces and removes documents', async () => {
    const { client, simulator } = await started({ api, behaviour });
    const { control } = simulator;
    expect(await client.open(never)).toEqual({ ok: true, value: { api } });
    expect(valueOf(await client.findSource('ThreatConnect', never))).toBeNull();
    const { id: sourceId } = valueOf(await client.createSource('ThreatConnect', never));
    expect(valueOf(await client.findSource('THREATconnect', never))).toEqual({ id: sourceId });
    expect(valueOf(await client.intels(sourceId, never))).toEqual([]);
    control.addIntel(1, documentOf(TERMS, OTHER_ROOT, 'Somebody else').xml);

    const made = valueOf(await client.create(sourceId, documentOf(TERMS), never));
    expect(made).toMatchObject({ intrinsicId: ROOT, name: 'Feed - Größe 01', isSchemaValid: true, isInPlace: true });
    expect(control.intels().find(({ id }) => id === made.id)).toMatchObject({ type: 'openioc', typeVersion: '1.0' });
    expect(control.terms('ThreatConnect').map(({ content }) => content)).toEqual([
      'CD'.repeat(16),
      'AB'.repeat(32),
      '203.0.113.7',
      'bad.example',
    ]);

    control.expireSessions();
    const less = valueOf(await client.replace(made.id, documentOf(TERMS.slice(3)), never));
    expect(less).toMatchObject({ id: made.id, isInPlace: true });
    expect(control.terms('ThreatConnect').map(({ content }) => content)).toEqual(['bad.example']);
    expect(valueOf(await client.intels(sourceId, never))).toEqual([
      expect.objectContaining({ id: made.id, intrinsicId: ROOT, sourceId, md5: less.md5 }),
    ]);

    const beside = await client.replace(made.id, documentOf(TERMS.slice(3), OTHER_ROOT), never);
    expect(valueOf(beside).isInPlace).toBe(false);
    expect(await client.replace(99_999, documentOf(TERMS), never)).toMatchObject({
      ok: false,
      fault: { kind: 'gone' },
    });

    for (const { id } of valueOf(await client.intels(sourceId, never))) {
      expect(await client.remove(id, never)).toEqual({ ok: true, value: null });
      expect(await client.remove(id, never)).toEqual({ ok: true, value: null });
    }
    expect(control.intels().filter((intel) => intel.sourceId === sourceId)).toEqual([]);
  });

  it('writes terms itself that can be learned', async () => {
    const { client } = await started({ api, behaviour });
    for (const { kind, value } of [...TERMS, { kind: 'ipv6', value: '2001:db8::7' }] as const) {
      const xml = valueOf(await client.quickAdd(kind, [value], never));
      expect(learnForms(xml, kind, value), kind).not.toBeNull();
    }
  });

  it('labels, deploys and scans', async () => {
    const { client, simulator } = await started({ api, behaviour });
    const { id: sourceId } = valueOf(await client.createSource('ThreatConnect', never));
    const { id } = valueOf(await client.create(sourceId, documentOf(TERMS), never));
    const label = valueOf(await client.createLabel('APT 28', never));
    expect(valueOf(await client.labels(never))).toEqual([label]);
    valueOf(await client.addLabel(id, label.id, never));
    expect(valueOf(await client.intels(sourceId, never))[0]?.labelIds).toEqual([label.id]);
    expect(simulator.control.labelsOf(id)).toEqual(['APT 28']);
    valueOf(await client.removeLabel(id, label.id, never));
    valueOf(await client.removeLabel(id, label.id, never));
    expect(simulator.control.labelsOf(id)).toEqual([]);

    const group = valueOf(await client.findGroup('Test machines', never));
    expect(group).toBe(3);
    expect(valueOf(await client.findGroup('No such group', never))).toBeNull();
    valueOf(await client.scan(3, id, never));
    expect(simulator.control.scans()).toEqual([expect.objectContaining({ computerGroupId: 3, intelDocId: id })]);
    valueOf(await client.deploy(never));
    expect(simulator.control.deploys()).toEqual([expect.objectContaining({ documents: 1 })]);
  });
});

describe('documents that are too large', () => {
  it.each(['json-413', 'html-413', 'json-400', 'bare-400'] as const)(
    '%s may pass when they are smaller',
    async (tooLarge) => {
      const { client } = await started({ behaviour: { maxIndicators: 3, tooLarge } });
      const { id } = valueOf(await client.createSource('ThreatConnect', never));
      expect(await client.create(id, documentOf(TERMS), never)).toMatchObject({
        ok: false,
        fault: { mayBeTooLarge: true },
      });
      expect((await client.create(id, documentOf(TERMS.slice(1)), never)).ok).toBe(true);
    },
  );
});

it('a write whose answer was lost is there when it is looked for', async () => {
  const { client, simulator } = await started();
  const { id } = valueOf(await client.createSource('ThreatConnect', never));
  simulator.control.dropReplyAfterWrite();
  expect(await client.create(id, documentOf(TERMS), never)).toMatchObject({
    ok: false,
    fault: { kind: 'network', sent: true, isPassing: true, mayBeTooLarge: false },
  });
  expect(valueOf(await client.intels(id, never)).map(({ intrinsicId }) => intrinsicId)).toEqual([ROOT]);
});

it('a cloud takes the token alone, and says so to a password', async () => {
  const { client, simulator } = await started({ cloud: true });
  expect(await client.open(never)).toMatchObject({ ok: false, fault: { kind: 'auth', sent: false } });
  const { token } = SIMULATED_TANIUM;
  const byToken = connected(simulator.url, { taniumAuth: 'token', secret: token });
  undo.push(byToken.close);
  expect(await byToken.client.open(never)).toEqual({ ok: true, value: { api: '4' } });
  const wrong = connected(simulator.url, { taniumAuth: 'token', secret: `${token}x` });
  undo.push(wrong.close);
  expect(await wrong.client.open(never)).toMatchObject({ ok: false, fault: { kind: 'auth', httpStatus: 401 } });
});

it('a missing right is told apart from an expired session', async () => {
  const { client, simulator } = await started();
  await client.open(never);
  simulator.control.deny('deploy', true);
  expect(await client.deploy(never)).toMatchObject({ ok: false, fault: { kind: 'right', httpStatus: 403 } });
  simulator.control.deny('deploy', false);
  expect((await client.deploy(never)).ok).toBe(true);
});

describe('a certificate of an own authority', () => {
  const file = (name: string): string => fileURLToPath(new URL(`../fixtures/certificates/${name}`, import.meta.url));
  const tls = { cert: readFileSync(file('local.pem'), 'utf8'), key: readFileSync(file('local.key'), 'utf8') };

  it.each([[{ taniumCaFile: file('authority.pem') }], [{ verifyTaniumTls: false }]])(
    'is taken with %o',
    async (settings) => {
      const { client } = await started({ tls }, settings);
      expect(await client.open(never)).toEqual({ ok: true, value: { api: '4' } });
    },
  );

  it('is refused otherwise, before anything is sent, and the file is named before the switch', async () => {
    const { client, simulator } = await started({ tls });
    expect(await client.open(never)).toMatchObject({
      ok: false,
      fault: { kind: 'tls', sent: false, message: expect.stringContaining('Tanium CA File takes') },
    });
    expect(simulator.log).toEqual([]);
  });
});

describe('the hash list', () => {
  const file = { md5: 'cd'.repeat(16), sha1: '', sha256: 'ab'.repeat(32), notes: 'ThreatConnect, Feed' };
  it.each([
    [{ listed: true, deletesBy: 'id' }],
    [{ listed: true, deletesBy: 'either' }],
    [{ listed: false, deletesBy: 'hash' }],
  ] as const)('takes files and lets them go: %o', async (reputation) => {
    const { client, simulator } = await started({
      behaviour: { reputation: { tellsIds: true, keys: 'lower', ...reputation } },
    });
    valueOf(await client.listFiles([file, { ...file, md5: '', sha256: '01'.repeat(32) }], never));
    expect(simulator.control.hashList()).toMatchObject([
      { list: 'blacklist', uploadedHash: file.sha256, md5: file.md5, notes: file.notes },
      { uploadedHash: '01'.repeat(32) },
    ]);
    valueOf(await client.unlistFiles([file], never));
    expect(simulator.control.hashList()).toHaveLength(1);
  });

  it('is read once, and again for what was put on it meanwhile', async () => {
    const { client, simulator } = await started();
    const other = { ...file, md5: '', sha256: '01'.repeat(32) };
    const reads = (): number =>
      simulator.log.filter(({ method, path }) => method === 'GET' && path.includes('/custom')).length;
    valueOf(await client.listFiles([file, other], never));
    valueOf(await client.unlistFiles([file], never));
    const first = reads();
    valueOf(await client.listFiles([file], never));
    valueOf(await client.unlistFiles([other], never));
    expect([first > 0, reads()]).toEqual([true, first]);
    valueOf(await client.unlistFiles([file], never));
    expect(reads()).toBeGreaterThan(first);
    expect(simulator.control.hashList()).toEqual([]);
  });

  it('that tells nothing takes nothing off in silence', async () => {
    const reputation = { listed: false, deletesBy: 'id', tellsIds: false, keys: 'lower' } as const;
    const { client } = await started({ behaviour: { reputation } });
    valueOf(await client.listFiles([file], never));
    expect(await client.unlistFiles([file], never)).toMatchObject({ ok: false, fault: { kind: 'gone' } });
  });
});

it('writes more documents than a page of the list holds', async () => {
  const { client, simulator } = await started();
  const { id } = valueOf(await client.createSource('ThreatConnect', never));
  const hex = (at: number): string => at.toString(16).padStart(64, '0');
  for (let at = 0; at < 130; at += 1) {
    const terms = Array.from({ length: 100 }, (_, index): Term => ({ kind: 'sha256', value: hex(at * 100 + index) }));
    const rootId = `3f1c2a9e-7d4b-5e60-9a11-${hex(at).slice(-12)}`;
    valueOf(await client.create(id, documentOf(terms, rootId, `Feed ${at}`), never));
  }
  expect(valueOf(await client.intels(id, never))).toHaveLength(130);
  expect(simulator.control.terms('ThreatConnect')).toHaveLength(13_000);
});
