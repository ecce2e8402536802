import { createHash } from 'node:crypto';

/** Something that quick-add was asked to search for, as it recognised it. */
export interface QuickAddValue {
  readonly kind: 'md5' | 'sha1' | 'sha256' | 'address' | 'host';
  readonly value: string;
}

interface Form {
  readonly search: string;
  readonly contentType: string;
}

const DIGESTS: Readonly<Record<number, QuickAddValue['kind']>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };
const HOST =
  /^(?=.{1,253}$)(?!.*\.\d+$)[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?(\.[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?)+$/i;

/** The server's own choice of terms: not the ones that clients write by themselves, so that it shows who chose. */
const FORMS: Readonly<Record<QuickAddValue['kind'], readonly Form[]>> = {
  md5: [{ search: 'FileItem/Md5sum', contentType: 'md5' }],
  sha1: [{ search: 'FileItem/Sha1sum', contentType: 'sha1' }],
  sha256: [{ search: 'FileItem/Sha256sum', contentType: 'sha256' }],
  address: [
    { search: 'PortItem/remoteIP', contentType: 'IP' },
    { search: 'ProcessItem/PortList/PortItem/remoteIP', contentType: 'IP' },
  ],
  host: [{ search: 'Network/DNS', contentType: 'string' }],
};

/** What a text is for a kind of quick-add, or null when it is nothing of that kind. */
export function recognise(text: string, isFileKind: boolean): QuickAddValue | null {
  if (isFileKind) {
    const kind = /^[0-9a-f]+$/i.test(text) ? DIGESTS[text.length] : undefined;
    return kind === undefined ? null : { kind, value: text };
  }
  if (isAddress(text)) {
    return { kind: 'address', value: text };
  }
  return HOST.test(text) ? { kind: 'host', value: text } : null;
}

/** The document that the server writes for these values, new ids each time as a server makes them (`salt`). */
export function quickAddDocument(
  about: { readonly name: string; readonly description: string; readonly isExact: boolean; readonly at: number },
  values: readonly QuickAddValue[],
  salt: string,
): string {
  const idOf = (part: string): string => guidFrom(`${salt}/${part}`);
  const condition = about.isExact ? 'is' : 'contains';
  const items = values.flatMap(({ kind, value }) =>
    FORMS[kind].map(
      ({ search, contentType }) =>
        `      <IndicatorItem id="${idOf(`${search}/${value}`)}" condition="${condition}">\n` +
        `        <Context document="${search.split('/')[0] ?? ''}" search="${search}" type="mir" />\n` +
        `        <Content type="${contentType}">${escaped(value)}</Content>\n` +
        `      </IndicatorItem>\n`,
    ),
  );
  const date = new Date(about.at).toISOString().slice(0, 19);
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n` +
    `<ioc xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="${idOf('root')}" last-modified="${date}" ` +
    `xmlns="http://schemas.mandiant.com/2010/ioc">\n` +
    `  <short_description>${escaped(about.name)}</short_description>\n` +
    `  <description>${escaped(about.description)}</description>\n` +
    `  <authored_date>${date}</authored_date>\n  <links />\n` +
    `  <definition>\n    <Indicator operator="OR" id="${idOf('or')}">\n${items.join('')}    </Indicator>\n  </definition>\n</ioc>\n`
  );
}

function isAddress(text: string): boolean {
  const parts = text.split('.');
  const isFour = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isFour || (/^[0-9a-f:.]+$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`));
}

function guidFrom(text: string): string {
  const hex = createHash('md5').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
