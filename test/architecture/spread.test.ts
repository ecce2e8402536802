import { describe, expect, it } from 'vitest';
import { sourcesOf } from './sources.ts';

/** What people drop decides how long lists get in here. */
const UNBOUNDED = /^src-main\/(?:formats|services\/intake\/reading)\//;

describe('lists of any length', () => {
  it('are not handed to push as arguments: beyond some 120,000 the stack ends the reading', () => {
    const spreading = sourcesOf('src-main')
      .filter(({ path, text }) => UNBOUNDED.test(path) && /\.(?:push|unshift)\(\s*\.\.\./.test(text))
      .map(({ path }) => path);
    expect(spreading).toEqual([]);
  });
});
