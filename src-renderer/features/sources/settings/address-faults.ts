/** Why a text is no address of a server, as a sentence that says what fits; null when it is one. */
export function urlFault(text: string): string | null {
  if (!URL.canParse(text.trim())) {
    return 'An address that starts with https://.';
  }
  const { protocol, hostname, username, password, search, hash } = new URL(text.trim());
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    return 'https only; http is for addresses of this machine.';
  }
  return username + password + search + hash === '' ? null : 'Without login, query or fragment.';
}

/** Why a text is no address of a proxy; `keptWith` says where its login belongs. Null when it is one. */
export function proxyFault(text: string, keptWith: 'keys' | 'secrets'): string | null {
  if (!URL.canParse(text.trim())) {
    return 'An address such as http://proxy.example:3128.';
  }
  const { protocol, username, password } = new URL(text.trim());
  if (protocol !== 'http:' && protocol !== 'https:') {
    return 'http or https.';
  }
  return username + password === '' ? null : `The login does not go into the address; it is kept with the ${keptWith}.`;
}
