import { useEffect, useState } from 'react';
import { nowSeconds } from './words.ts';

const STEP_MS = 20_000;

/** The present second, renewed often enough that ages in minutes stay true. */
export function useNow(): number {
  const [now, setNow] = useState(nowSeconds);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowSeconds()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
