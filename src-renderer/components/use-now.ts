import { useEffect, useState } from 'react';
import { nowSeconds } from './words.ts';

const STEP_MS = 20_000;

/** The present second, renewed often enough that ages in minutes stay true; more often for what counts down. */
export function useNow(stepMs = STEP_MS): number {
  const [now, setNow] = useState(nowSeconds);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowSeconds()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return now;
}
