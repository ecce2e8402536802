import { describe, expect, it } from 'vitest';
import { fromEnvironment, secretVariable } from '#main/platform/secrets/environment.ts';
import { checkedSecret } from '#main/platform/secrets/secret-value.ts';

const refusal = (value: string): string => {
  try {
    return `kept ${checkedSecret(value)}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a secret', () => {
  it.each([
    ['abc', 'abc'],
    ['abc\n', 'abc'],
    ['\r\nabc\r\n', 'abc'],
    ['with inner space', 'with inner space'],
    ['ünï:cödé', 'ünï:cödé'],
    ['x'.repeat(2_000), 'x'.repeat(2_000)],
  ])('%j is kept without the line ends of a paste', (value, kept) => {
    expect(checkedSecret(value)).toBe(kept);
  });

  it.each([
    ['', 'is empty'],
    ['\n', 'is empty'],
    [' geheim', 'white space'],
    ['geheim\u00a0', 'white space'],
    ['geh\neim', 'control characters'],
    ['geh\u0000eim', 'control characters'],
    ['geh\u0085eim', 'control characters'],
    ['geh\u2028eim', 'control characters'],
    ['geh\ud800eim', 'control characters'],
    ['g'.repeat(2_001), 'longer than 2000'],
  ])('%j is refused without being repeated', (value, words) => {
    expect(refusal(value)).toContain(words);
    expect(refusal(value)).not.toMatch(/geh|ggg/);
  });
});

describe('the environment', () => {
  it.each([
    ['virustotal', 'ASSAY_VIRUSTOTAL_KEY'],
    ['wildfire-proxy', 'ASSAY_WILDFIRE_PROXY'],
    ['reversinglabs-a1000', 'ASSAY_REVERSINGLABS_A1000_KEY'],
    ['reversinglabs-a1000-proxy', 'ASSAY_REVERSINGLABS_A1000_PROXY'],
  ])('holds %s as %s', (name, variable) => {
    expect(secretVariable(name)).toBe(variable);
    expect(fromEnvironment({ [variable]: ' k\n' }, name)).toEqual({ value: 'k' });
    expect(fromEnvironment({ [variable]: '  ' }, name)).toBeNull();
    expect(fromEnvironment({}, name)).toBeNull();
    expect(fromEnvironment({ [variable]: 'a\u0007b' }, name)).toEqual({ fault: expect.stringContaining(variable) });
  });
});
