import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../browser.ts';

it('the preload is one CommonJS file that needs Electron and nothing else', () => {
  const folder = join(root, '.build', 'preload');
  expect(readdirSync(folder)).toEqual(['index.cjs']);
  const text = readFileSync(join(folder, 'index.cjs'), 'utf8');
  expect([...text.matchAll(/\brequire\(([^)]*)\)/g)].map((match) => match[1])).toEqual(['"electron"']);
  expect(text).not.toMatch(/^\s*(import|export)\b/m);
  expect(text.length).toBeLessThan(10_000);
});

it('the built page loads files only: nothing inline, nothing from elsewhere, no maps', () => {
  const folder = join(root, '.build', 'renderer');
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\son\w+=|https?:/);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  expect(existsSync(join(folder, 'index.html'))).toBe(true);
});
