import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { SourceOption } from '../port.ts';

/** The source's own options, with the defaults for those that are not kept. */
export interface TitaniumcloudOptions {
  /** Name of the account, e.g. `u/company/user`; empty: none was set, and nothing can be asked. */
  readonly username: string;
  readonly lowTrust: 'non-malicious' | 'unknown';
  readonly noThreats: 'unknown' | 'non-malicious';
  readonly bodyType: 'json' | 'octet-stream';
  /** Lower case, with the port if it is not 443; empty for none. */
  readonly pageHost: string;
}

export const OPTION_DEFAULTS = {
  username: '',
  lowTrust: 'non-malicious',
  noThreats: 'unknown',
  bodyType: 'json',
  pageHost: '',
} as const;

/** What only this source has to be told. */
export const titaniumcloudOptions: readonly SourceOption[] = [
  {
    name: 'username',
    label: 'User name',
    hint: 'The account whose password is the key, for example u/company/user.',
    choices: null,
    namesAccount: true,
    fault: (value) =>
      /^[\u0021-\u0039\u003b-\u007e]{0,200}$/.test(value)
        ? null
        : 'must be at most 200 letters, digits and signs, without spaces and colons',
  },
  {
    name: 'lowTrust',
    label: 'Low trust',
    hint: 'What a known file with a trust factor of 4 or 5 counts as; 0 is the most trusted.',
    choices: [
      { value: 'non-malicious', label: 'Non-malicious' },
      { value: 'unknown', label: 'Unknown' },
    ],
  },
  {
    name: 'noThreats',
    label: 'No threats',
    hint: 'What a file counts as in which no threat was found, and for which nobody vouches.',
    choices: [
      { value: 'unknown', label: 'Unknown' },
      { value: 'non-malicious', label: 'Non-malicious' },
    ],
  },
  {
    name: 'bodyType',
    label: 'Body type',
    hint: 'How a bulk request is marked, where the service refuses one by its type (400 or 415).',
    choices: [
      { value: 'json', label: 'application/json' },
      { value: 'octet-stream', label: 'application/octet-stream' },
    ],
  },
  {
    name: 'pageHost',
    label: 'Pages at',
    hint: 'Host of a Spectra Analyze appliance whose page about a file is opened; empty: no pages.',
    choices: null,
    fault: (value) =>
      value === '' || isHost(value) ? null : 'must be a host name in lower case, such as a1000.example.com',
  },
];

/** The options as they are set. */
export function optionsOf({ options }: Pick<SourceConfig, 'options'>): TitaniumcloudOptions {
  const { username, lowTrust, noThreats, bodyType, pageHost } = options;
  return {
    username: username ?? OPTION_DEFAULTS.username,
    lowTrust: lowTrust === 'unknown' ? lowTrust : OPTION_DEFAULTS.lowTrust,
    noThreats: noThreats === 'non-malicious' ? noThreats : OPTION_DEFAULTS.noThreats,
    bodyType: bodyType === 'octet-stream' ? bodyType : OPTION_DEFAULTS.bodyType,
    pageHost: pageHost ?? OPTION_DEFAULTS.pageHost,
  };
}

/** A host as a URL would spell it: nothing is left to be rewritten when the page's address is made of it. */
function isHost(text: string): boolean {
  return text.length <= 260 && /^[a-z0-9.:[\]-]+$/.test(text) && URL.canParse(`https://${text}/`)
    ? new URL(`https://${text}/`).host === text
    : false;
}
