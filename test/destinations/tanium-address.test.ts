import { describe, expect, it } from 'vitest';
import { consolePage, taniumAddress } from '#main/destinations/tanium/connection/address.ts';

describe("the console's page of a document", () => {
  it.each([
    [
      'https://acme-api.cloud.tanium.com/',
      'acme-api.cloud.tanium.com',
      'https://acme.cloud.tanium.com/#/threatresponse/intel/77',
    ],
    [
      'https://tanium.corp.example:8443',
      'tanium.corp.example:8443',
      'https://tanium.corp.example:8443/#/threatresponse/intel/77',
    ],
    ['https://tanium.corp.example', 'old.corp.example', ''],
    ['', '', ''],
  ])('%s, written to %s', (url, host, page) => {
    expect(consolePage(url, host, 77)).toBe(page);
  });
});

describe('Tanium Address', () => {
  it.each([
    ['https://tanium.corp.example/', 'https://tanium.corp.example', 'https://tanium.corp.example', ''],
    [
      ' https://tanium.corp.example:8443/#/home?x=1 ',
      'https://tanium.corp.example:8443',
      'https://tanium.corp.example:8443',
      '',
    ],
    ['https://acme-api.cloud.tanium.com', 'https://acme-api.cloud.tanium.com', 'https://acme.cloud.tanium.com', ''],
    [
      'https://acme.cloud.tanium.com//',
      'https://acme.cloud.tanium.com',
      'https://acme.cloud.tanium.com',
      'On Tanium Cloud the interface has a name of its own, usually acme-api.cloud.tanium.com.',
    ],
    // A name of one's own that ends alike is left as it is.
    ['https://tanium-api.corp.example', 'https://tanium-api.corp.example', 'https://tanium-api.corp.example', ''],
    [
      'https://proxy.example/tanium/',
      'https://proxy.example/tanium',
      'https://proxy.example/tanium',
      'The Tanium Address usually ends with the name of the server, without a path.',
    ],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000', 'http://127.0.0.1:4000', ''],
    ['http://localhost:4000/', 'http://localhost:4000', 'http://localhost:4000', ''],
  ])('%s is read', (text, base, console, hint) => {
    expect(taniumAddress(text)).toEqual({ kind: 'usable', base, host: new URL(base).host, console, hint });
  });

  it.each([
    ['tanium.corp.example', 'is no web address'],
    ['ftp://tanium.corp.example', 'is no web address'],
    ['https://user:word@tanium.corp.example', 'holds a name or password'],
    ['http://tanium.corp.example', 'must begin with https://'],
  ])('%s is refused', (text, why) => {
    expect(taniumAddress(text)).toEqual({ kind: 'unusable', why: expect.stringContaining(`Tanium Address ${why}`) });
    expect(JSON.stringify(taniumAddress(text))).not.toContain('word@');
  });
});
