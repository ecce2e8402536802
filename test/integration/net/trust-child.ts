import { createNetwork } from '#main/net/network.ts';

/** Asks the URL it is given, trusting what the system trusts, and prints the status or the kind of the fault. */
const client = createNetwork({ directory: 'real', isOffline: () => Promise.resolve(false) }, {}).client({
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'none' },
  proxyCredentials: null,
  concurrency: 1,
});
const result = await client.send(
  { method: 'GET', url: process.argv[2] ?? '', label: 'GET /', headers: {}, timeoutMs: 5_000, maxBytes: 1_000 },
  new AbortController().signal,
);
await client.close();
console.log(result.ok ? result.response.status : result.fault.kind);
