import type { TermForm, TermForms } from './port.ts';

const address: readonly TermForm[] = [
  { document: 'PortItem', search: 'PortItem/remoteIP', contentType: 'IP', condition: 'is' },
];

/**
 * Terms as they are published: the list of OpenIOC terms (github.com/mandiant/iocterms) and, for the content types of
 * SHA-1 and SHA-256, `string`, as documents that were made for Tanium have them. Which network terms an installation
 * evaluates is not published: those can be learned from it instead.
 */
export const DOCUMENTED_FORMS: TermForms = {
  md5: [{ document: 'FileItem', search: 'FileItem/Md5sum', contentType: 'md5', condition: 'is' }],
  sha1: [{ document: 'FileItem', search: 'FileItem/Sha1sum', contentType: 'string', condition: 'is' }],
  sha256: [{ document: 'FileItem', search: 'FileItem/Sha256sum', contentType: 'string', condition: 'is' }],
  ipv4: address,
  ipv6: address,
  host: [{ document: 'DnsEntryItem', search: 'DnsEntryItem/RecordName', contentType: 'string', condition: 'is' }],
};
