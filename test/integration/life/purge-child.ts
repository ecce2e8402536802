import { createEngine } from '#main/engine.ts';

/** Purges the directory named in its arguments, at the time named there (milliseconds), and says when it is under way. */
const [directory = '', now = '0'] = process.argv.slice(2);
const engine = await createEngine({
  directory,
  threads: 'inline',
  shell: 'terminal',
  clock: { now: () => Number(now) },
});
await engine.life.purge(() => process.stdout.write('.'), new AbortController().signal);
await engine.dispose();
process.stdout.write('done');
