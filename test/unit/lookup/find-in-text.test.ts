import { describe, expect, it } from 'vitest';
import { findInText } from '#main/services/lookup/find-in-text.ts';

const MD5 = '44d88612fea8a8f36de82e1278abb02f';
const SHA1 = '3395856ce81f2b7382dee72602f798b642f14140';
const SHA256 = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';
const hashes = (text: string): string[] => findInText(text).hashes.map(({ hash }) => hash);
const reasons = (text: string): string[] => findInText(text).rejected.map(({ reason }) => reason);

describe('hashes in any text', () => {
  it.each([
    ['alone', MD5, [MD5]],
    ['in upper case', SHA256.toUpperCase(), [SHA256]],
    ['of every kind, in order', `a ${SHA1}, b ${MD5}; (${SHA256})`, [SHA1, MD5, SHA256]],
    ['twice in two cases', `${MD5}\n${MD5.toUpperCase()}`, [MD5]],
    ['labelled', `sha256: ${SHA256}`, [SHA256]],
    ['in an address', `https://www.virustotal.com/gui/file/${SHA256}/detection`, [SHA256]],
    ['defanged as Assay copies it', SHA1.replaceAll(/.{8}(?=.)/g, '$& '), [SHA1]],
    ['in bytes', SHA256.replaceAll(/..(?=.)/g, '$& '), [SHA256]],
    ['in bytes with colons', MD5.toUpperCase().replaceAll(/..(?=.)/g, '$&:'), [MD5]],
    ['not as a slice of a longer run', `${SHA256}00`, []],
    ['not as a slice of a longer spaced run', `${SHA256.replaceAll(/.{8}/g, '$& ')}00000000`, []],
    ['not put together out of words of a longer line', `at ${MD5.replaceAll(/.{8}(?=.)/g, '$& ')}`, []],
    ['not what is named otherwise', `imphash: ${MD5}`, []],
    ['not a UUID', '6ba7b810-9dad-11d1-80b4-00c04fd430c8', []],
    ['not in plain words', 'what is known about it', []],
  ] as const)('%s', (_what, text, expected) => {
    expect(hashes(text)).toEqual(expected);
  });
});

describe('what is no hash', () => {
  it.each([
    ['one digit short', MD5.slice(1), [expect.stringContaining('31 hex digits')]],
    ['a wrong letter', `${MD5.slice(0, 31)}z`, ['“z” at place 32 is not a hex digit']],
    ['a SHA-512', `${SHA256}${SHA256}`, [expect.stringContaining('SHA-512')]],
    ['a UUID', '{6ba7b810-9dad-11d1-80b4-00c04fd430c8}', ['a UUID, not the digest of a file']],
    ['an imphash', `imphash ${MD5}`, ['named as something else than the digest of a file']],
    ['a date beside a hash is no attempt at one', `20261122 ${MD5}`, []],
    ['words are no attempt', 'nothing here', []],
  ] as const)('%s', (_what, text, expected) => {
    expect(reasons(text)).toEqual(expected);
  });

  it('names at most twenty, cut to what can be read', () => {
    const { rejected } = findInText(Array.from({ length: 50 }, (_, n) => 'ab'.repeat(60 + n)).join(' '));
    expect([rejected.length, Math.max(...rejected.map(({ text }) => text.length))]).toEqual([20, 81]);
  });
});
