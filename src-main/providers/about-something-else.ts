const OTHER_THINGS =
  /\b(?:path|route|endpoint|resource|url|uri|method|page|handler|service|host|server|proxy|api|version|token|key|user|account|client|application|product|module|tenant|organi[sz]ation|enterprise|licen[cs]e)s?\b/i;

/** Whether a "not found" speaks of an address, an account or the like: then it is no word about the hash asked for. */
export function isAboutSomethingElse(words: string): boolean {
  return OTHER_THINGS.test(words);
}
