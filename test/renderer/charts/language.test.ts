import { afterEach, describe, expect, it, vi } from 'vitest';

const before = Object.getOwnPropertyDescriptor(navigator, 'language');

function speak(language: string): void {
  vi.resetModules();
  Object.defineProperty(navigator, 'language', { value: language, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(navigator, 'language');
  if (before !== undefined) {
    Object.defineProperty(navigator, 'language', before);
  }
});

describe('the language of the browser', () => {
  it('does not keep charts from being loaded when it is none', async () => {
    speak('en-US@posix');
    const { uPlot } = await import('#renderer/charts/drawing/uplot.ts');
    expect(uPlot.fmtNum(1234)).toBe('1,234');
  });

  it('stays as it is when it is one', async () => {
    speak('de-CH');
    await import('#renderer/charts/drawing/uplot.ts');
    expect(navigator.language).toBe('de-CH');
  });
});
