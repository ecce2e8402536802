// `node test/soak/asking-process.ts DIRECTORY MINUTE_MS`: asks what is queued there until it is told to end or killed.
import { openAsking } from './simulated.ts';

const [directory = '', minuteMs = '60000'] = process.argv.slice(2);
const engine = await openAsking(directory, Number(minuteMs));
const giveUp = engine.outbound.seek();
process.stdout.write('seeking\n');
const alive = setInterval(() => undefined, 1_000);
process.once('SIGTERM', () => {
  clearInterval(alive);
  void giveUp()
    .then(() => engine.dispose())
    .then(() => process.exit(0));
});
