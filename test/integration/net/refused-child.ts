import { createNetwork } from '#main/net/network.ts';
import type { HttpOptions, NetworkRules } from '#main/net/port.ts';

/** Tries every way out that must be closed before a name is resolved; prints what became of each. */
const PROXY = { HTTPS_PROXY: 'http://proxy.example:3128' };
const tries: readonly [NetworkRules['directory'], boolean, HttpOptions['proxy'], string][] = [
  ['real', true, { kind: 'system' }, 'https://www.virustotal.com/api/v3'],
  ['real', true, { kind: 'none' }, 'https://localhost:9/'],
  ['simulated', false, { kind: 'system' }, 'https://www.virustotal.com/api/v3'],
  ['simulated', false, { kind: 'manual', url: 'http://proxy.example:3128' }, 'https://localhost:9/'],
  ['real', false, { kind: 'none' }, 'http://www.virustotal.com/api/v3'],
];
for (const [directory, isOffline, proxy, url] of tries) {
  const client = createNetwork({ directory, isOffline: () => Promise.resolve(isOffline) }, PROXY).client({
    verifyTls: true,
    caFile: null,
    proxy,
    proxyCredentials: null,
    concurrency: 1,
  });
  const result = await client.send(
    { method: 'GET', url, label: 'GET /', headers: {}, timeoutMs: 2_000, maxBytes: 1_000 },
    new AbortController().signal,
  );
  await client.close();
  console.log(result.ok ? 'answered' : `${result.fault.kind} ${result.fault.sent ? 'sent' : 'not sent'}`);
}
