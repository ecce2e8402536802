export { openInlineDatabase } from './inline-client.ts';
export { openWorkerDatabase } from './worker-client.ts';
