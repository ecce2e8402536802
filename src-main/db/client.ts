export { openInlineDatabase } from './threads/inline-client.ts';
export { openWorkerDatabase } from './threads/worker-client.ts';
