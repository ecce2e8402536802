import { call } from '../bridge/client.ts';
import { say, sayFault } from './store.ts';

/** Opens another window on a directory of its own, with simulated sources. */
export async function startDemo(): Promise<void> {
  try {
    await call('app.startDemo', {});
    say('The demonstration opens in a window of its own.');
  } catch (error) {
    sayFault(error);
  }
}
