import { useEffect } from 'react';
import { call } from '../../bridge/client.ts';
import { useChanged } from '../../bridge/use-call.ts';
import { sayFault } from '../../app/store.ts';
import { useChanges } from './store.ts';

/**
 * Opening the view is a look: what was unseen is seen from then on, also what comes while it is in sight. The moment of the
 * look before stays what "since the last look" means until the view is opened again.
 */
export function useLook(): void {
  useEffect(() => {
    look().then((lookedAt) => useChanges.setState({ lookedAt }), sayFault);
    document.addEventListener('visibilitychange', lookAgain);
    return () => document.removeEventListener('visibilitychange', lookAgain);
  }, []);
  useChanged(['history'], lookAgain);
}

function lookAgain(): void {
  if (document.visibilityState === 'visible') {
    look().catch(sayFault);
  }
}

/** Marks what there is as seen; returns when somebody had looked before. */
async function look(): Promise<number | null> {
  const { lookedAt, raised, cleared, upTo } = await call('changes.unseen', {});
  if (raised + cleared > 0 || lookedAt === null || isOld(lookedAt)) {
    await call('changes.seen', { upTo });
  }
  return lookedAt;
}

/** A look within the same minute is the same look. */
function isOld(lookedAt: number): boolean {
  return Date.now() / 1000 - lookedAt > 60;
}
