import { parentPort } from 'node:worker_threads';

/** Opens like a database thread, then dies at a call named `die` and answers any other with its thread's age in calls. */
let calls = 0;
parentPort?.postMessage({ type: 'ready', salvaged: null, seq: 0 }, []);
parentPort?.on('message', (message: { type: string; id: number; name: string }) => {
  if (message.type === 'close') {
    parentPort?.close();
  } else if (message.name === 'die') {
    process.exit(1);
  } else {
    calls += 1;
    parentPort?.postMessage({ type: 'done', id: message.id, value: calls }, []);
  }
});
