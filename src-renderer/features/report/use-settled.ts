import { useEffect, useState } from 'react';

/** A text as it was when nobody changed it for `ms`: what is asked for while somebody types is asked once. */
export function useSettled(text: string | null, ms: number): string | null {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
