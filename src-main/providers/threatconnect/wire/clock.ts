/** What the server allows a signature's time to differ. */
const ALLOWED_MS = 5 * 60 * 1000;

/**
 * The sentence for a signature that was refused because of the time in it; null when it was refused for another reason.
 * The server's words tell, or else its `Date` header. A token is not bound to a time.
 */
export function clockFault(
  words: string,
  headers: Readonly<Record<string, string>>,
  asked: { readonly user: 'hmac' | 'token'; readonly at: number },
): string | null {
  if (asked.user === 'token') {
    return null;
  }
  const there = timeIn(headers);
  const difference = there === null ? null : asked.at - there;
  const isFar = difference !== null && Math.abs(difference) > ALLOWED_MS;
  const isSaid = /time ?stamp|clock|\bskew/i.test(words);
  if (!isFar && !isSaid) {
    return null;
  }
  const said = words === '' ? '' : ` It said: "${words}".`;
  return isFar
    ? `The clock of this machine is ${spoken(Math.abs(difference))} ${difference > 0 ? 'ahead of' : 'behind'} ThreatConnect's, which allows five minutes. Set the clock.${said}`
    : `ThreatConnect did not accept the time of the request: the clock of this machine and its own may differ by five minutes. Check the clock.${said}`;
}

/** When an answer was given by the clock of whoever gave it, milliseconds; null when it does not tell. */
export function timeIn(headers: Readonly<Record<string, string>>): number | null {
  const at = Date.parse(headers['date'] ?? '');
  return Number.isNaN(at) ? null : at;
}

function spoken(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) {
    return `${minutes} minutes`;
  }
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
