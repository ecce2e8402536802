import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PanelData } from '#shared/contract/usage.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { DAY, HOUR, NOVEMBER, panelData, wave } from '#test/renderer/charts/panel-data.ts';
import { violationsOf } from '../axe.ts';
import { browser, type App } from '../launch.ts';
import { openChartPage } from './chart-page.ts';
import type { Shown } from './page/main.tsx';

const week = panelData({
  step: 6 * HOUR,
  parts: SOURCE_IDS.map((key, index) => ({ key, values: wave(28, 2400 / (index + 1), index * 3) })),
  before: wave(28, 5000, 9),
});
const queue = panelData({
  panel: 'outbound-queue',
  parts: [
    {
      key: 'virustotal',
      values: [...wave(72, 900).map((value) => value + 100), ...Array<null>(24).fill(null), ...wave(72, 900)],
    },
  ],
});

describe.skipIf(browser === null)('charts in Chromium', () => {
  let app: App;

  beforeAll(async () => {
    app = await openChartPage();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    await app.page.mouse.move(0, 0);
    await app.page.setViewportSize({ width: 1280, height: 800 });
  });

  const show = (shown: Shown): Promise<number> => app.page.evaluate((given) => chartPage.show(given), shown);
  const areaOf = async (index = 0): Promise<{ x: number; y: number; width: number; height: number }> =>
    (await app.page.locator('.timechartarea').nth(index).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const readout = (): Promise<string> => app.page.locator('.readout').innerText();

  /** The colour at a place of a chart's plot, shares of its width and height; with the surface as "". */
  const colourAt = (left: number, top: number): Promise<string> =>
    app.page.evaluate(
      ([x, y]) => {
        const canvas = document.querySelector('canvas');
        const area = document.querySelector('.timechartarea')?.getBoundingClientRect();
        const whole = canvas?.getBoundingClientRect();
        if (canvas === null || area === undefined || whole === undefined) {
          return 'no chart';
        }
        const unit = canvas.width / whole.width;
        const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        const from = [
          Math.round((area.left - whole.left + area.width * x) * unit),
          Math.round((area.top - whole.top + area.height * y) * unit),
        ] as const;
        pixel?.drawImage(canvas, ...from, 1, 1, 0, 0, 1, 1);
        const data = pixel?.getImageData(0, 0, 1, 1).data;
        const [red = 0, green = 0, blue = 0, alpha = 0] = data ?? [];
        return alpha === 0 ? '' : `#${[red, green, blue].map((one) => one.toString(16).padStart(2, '0')).join('')}`;
      },
      [left, top] as const,
    );

  /** Lengths, in pixels of the screen, of what is left open between bars at a height of the plot. */
  const gapsAt = (top: number): Promise<readonly number[]> =>
    app.page.evaluate((share) => {
      const canvas = document.querySelector('canvas');
      const area = document.querySelector('.timechartarea')?.getBoundingClientRect();
      const whole = canvas?.getBoundingClientRect();
      if (canvas === null || area === undefined || whole === undefined) {
        return [];
      }
      const unit = canvas.width / whole.width;
      const [left, length] = [Math.round((area.left - whole.left) * unit), Math.round(area.width * unit)];
      const row = new OffscreenCanvas(length, 1).getContext('2d', { willReadFrequently: true });
      row?.drawImage(
        canvas,
        left,
        Math.round((area.top - whole.top + area.height * share) * unit),
        length,
        1,
        0,
        0,
        length,
        1,
      );
      const data = row?.getImageData(0, 0, length, 1).data ?? [];
      const alphas = Array.from({ length }, (_, at) => (data[at * 4 + 3] === 0 ? '.' : '#')).join('');
      return alphas
        .replace(/^\.+|\.+$/g, '')
        .split(/#+/)
        .filter((gap) => gap !== '')
        .map((gap) => gap.length);
    }, top);

  it('draws each part at its height, a gap between bars, in the colours of the theme', async () => {
    const halves = panelData({
      parts: [
        { key: 'wildfire', values: [50, 50, 0, 50] },
        { key: 'virustotal', values: [50, 50, 0, 0] },
      ],
    });
    await show({ charts: [halves] });
    await expect.poll(() => colourAt(0.1, 0.75)).toBe('#2a5bc7');
    await expect.poll(() => colourAt(0.1, 0.25)).toBe('#173a85');
    await expect.poll(() => colourAt(0.6, 0.75)).toBe('');
    await expect.poll(() => colourAt(0.9, 0.75)).toBe('#2a5bc7');
    expect((await gapsAt(0.9))[0]).toBe(1);
    await app.page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'));
    await expect.poll(() => colourAt(0.1, 0.75)).toBe('#7a9ff6');
    await app.page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));
    await expect.poll(() => colourAt(0.1, 0.75)).toBe('#2a5bc7');
  });

  it('is as fine as the screen', async () => {
    const metrics = { width: 1280, height: 800, deviceScaleFactor: 2, mobile: false };
    await app.session.send('Emulation.setDeviceMetricsOverride', metrics);
    await app.page.reload();
    await app.page.waitForFunction(() => document.title === 'Ready');
    await show({ charts: [panelData({ parts: [{ key: 'wildfire', values: [1, 1, 1] }] })] });
    const fineness = await app.page
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width / canvas.clientWidth);
    const gaps = await gapsAt(0.9);
    await app.session.send('Emulation.clearDeviceMetricsOverride');
    await app.page.reload();
    await app.page.waitForFunction(() => document.title === 'Ready');
    expect([fineness, gaps]).toEqual([2, [2, 2]]);
  });

  it('keeps its surface and its legend where the system prescribes colours', async () => {
    await app.page.emulateMedia({ forcedColors: 'active' });
    await app.page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'));
    await show({ charts: [week] });
    const background = (selector: string): Promise<string> =>
      app.page
        .locator(selector)
        .first()
        .evaluate((one) => getComputedStyle(one).backgroundColor);
    const kept = [await background('.timechart'), await background('.swatch')];
    await app.page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));
    await app.page.emulateMedia({ forcedColors: 'none' });
    expect(kept).toEqual(['rgb(27, 30, 34)', 'rgb(122, 159, 246)']);
  });

  it('draws no value where nothing is known, and shows that from what was none', async () => {
    const some = panelData({ parts: [{ key: 'wildfire', values: [null, 0, 5, null] }] });
    await show({ charts: [some] });
    const [unknown, none, , later] = [await colourAt(0.1, 0.5), await colourAt(0.4, 0.5), '', await colourAt(0.9, 0.5)];
    expect([unknown.length, none, later]).toEqual([7, '', '']);
    await show({ charts: [queue] });
    await expect.poll(() => colourAt(0.2, 0.97)).toBe('#e9effb');
    await expect.poll(() => colourAt(0.5, 0.97)).toBe(unknown);
    await expect.poll(() => colourAt(0.8, 0.99)).toBe('#e9effb');
  });

  it('shows all parts of an interval beside the pointer, and the same moment on the other charts', async () => {
    await show({ charts: [week, queue] });
    const { x, y, width, height } = await areaOf();
    await app.page.mouse.move(x + width * 0.5, y + height / 2);
    const [first = '', ...others] = (await readout()).split('\n');
    expect(first).toBe('15 Nov, 12:00 to 18:00');
    expect(others[0]).toBe(week.totals[14]?.toLocaleString('en-US'));
    expect(others.slice(1)).toEqual([
      ...week.series.flatMap(({ label, values }) => [label, values[14]?.toLocaleString('en-US')]),
      '7 d before',
      week.before?.values[14]?.toLocaleString('en-US'),
    ]);
    await expect.poll(() => app.page.locator('.readout').count()).toBe(1);
    const lines = await app.page.locator('.chartline').evaluateAll((all) =>
      all.map((line) => {
        const area = line.parentElement?.getBoundingClientRect();
        return (line.getBoundingClientRect().left - (area?.left ?? 0)) / (area?.width ?? 1);
      }),
    );
    expect(lines[0]).toBeCloseTo(14.5 / 28, 2);
    expect(lines[1]).toBeCloseTo(87.5 / 168, 2);
    await app.page.mouse.move(0, 0);
    await expect.poll(() => app.page.locator('.chartline').count()).toBe(0);
  });

  it.each([
    [1280, 800],
    [420, 260],
  ])('keeps the readout inside a window of %i by %i', async (width, height) => {
    await app.page.setViewportSize({ width, height });
    await show({ charts: [week, week, week, week, week, week] });
    for (const index of [0, 2, 5]) {
      await app.page.locator('.timechartarea').nth(index).scrollIntoViewIfNeeded();
      const area = await areaOf(index);
      for (const share of [0.01, 0.5, 0.99]) {
        await app.page.mouse.move(area.x + area.width * share, area.y + area.height * 0.9);
        const box = await app.page.locator('.readout').boundingBox();
        expect(box).not.toBeNull();
        expect(Math.min(box?.x ?? -1, box?.y ?? -1)).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width);
        expect((box?.y ?? 0) + (box?.height ?? height)).toBeLessThanOrEqual(height);
      }
    }
  });

  it('chooses a range by dragging, and none by a click or after Escape', async () => {
    await show({ charts: [week] });
    const brushed = (): Promise<readonly (readonly [number, number])[]> =>
      app.page.evaluate(() => chartPage.brushed.splice(0));
    await brushed();
    const { x, y, width, height } = await areaOf();
    const at = (day: number): [number, number] => [x + (width * day) / 7, y + height / 2];
    await app.page.mouse.move(...at(2.1));
    await app.page.mouse.down();
    await app.page.mouse.move(...at(3), { steps: 3 });
    await app.page.mouse.move(...at(4.1), { steps: 3 });
    await expect.poll(() => app.page.locator('.chartband').count()).toBe(1);
    await app.page.mouse.up();
    await expect.poll(() => brushed()).toEqual([[NOVEMBER + 2 * DAY, NOVEMBER + 4.25 * DAY]]);
    await app.page.mouse.click(...at(5));
    await app.page.mouse.move(...at(5.1));
    await app.page.mouse.down();
    await app.page.mouse.move(...at(3.1), { steps: 3 });
    await app.page.keyboard.press('Escape');
    await expect.poll(() => app.page.locator('.chartband').count()).toBe(0);
    await app.page.mouse.up();
    await expect.poll(() => brushed()).toEqual([]);
    await app.page.mouse.move(...at(5.1));
    await app.page.mouse.down();
    // Beyond the edge of the plot, where it ends.
    await app.page.mouse.move(x + width + 200, y + height / 2, { steps: 3 });
    await app.page.mouse.up();
    await expect.poll(() => brushed()).toEqual([[NOVEMBER + 5 * DAY, NOVEMBER + 7 * DAY]]);
  });

  it.each([
    [380, 'beside the plot'],
    [240, 'over it'],
  ])('names lines at their ends, %i px wide: %s', async (width, where) => {
    const lists = panelData({
      panel: 'hash-list',
      parts: [
        { key: 'malicious', label: 'known malicious', values: [1_234_000, 1_234_567] },
        { key: 'non-malicious', label: 'false detections', values: [1_234_000, 1_234_600] },
      ],
    });
    await show({ charts: [lists], width });
    const area = await areaOf();
    const chart = await app.page.locator('.timechart').boundingBox();
    const names = await app.page.locator('.endnames > li').all();
    const boxes = await Promise.all(names.map((name) => name.boundingBox()));
    await expect
      .poll(() => app.page.locator('.endnames > li').allInnerTexts())
      .toEqual(['1,234,600 false detections', '1,234,567 known malicious']);
    for (const box of boxes) {
      expect(box?.x ?? 0).toBeGreaterThan(where === 'over it' ? 0 : area.x + area.width);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((chart?.x ?? 0) + width);
    }
    expect((boxes[1]?.y ?? 0) - (boxes[0]?.y ?? 0)).toBeGreaterThanOrEqual(15);
    // Narrow or not, most of the room is the plot's.
    expect(area.width).toBeGreaterThan(150);
  });

  it('follows the keyboard with cursor and readout', async () => {
    await show({ charts: [week, queue] });
    await app.page.getByRole('group', { name: 'Outbound Items' }).focus();
    await app.page.keyboard.press('Home');
    await expect.poll(() => readout()).toContain('12 Nov, 00:00 to 06:00');
    await app.page.keyboard.press('ArrowRight');
    await expect.poll(() => readout()).toContain('12 Nov, 06:00 to 12:00');
    await app.page.keyboard.press('Tab');
    await expect.poll(() => app.page.locator('.readout').count()).toBe(0);
    expect(await violationsOf(app.page)).toEqual([]);
  });

  it('is drawn anew when its place changes, with no chart left behind', async () => {
    await show({ charts: [week, queue], width: 380 });
    const before = await areaOf();
    await show({ charts: [week, queue], width: 600 });
    await expect.poll(async () => (await areaOf()).width - before.width).toBe(220);
    await show({ charts: Array<PanelData>(12).fill(week) });
    await expect.poll(() => app.page.locator('canvas').count()).toBe(12);
    const held = async (): Promise<number> => {
      await app.session.send('HeapProfiler.collectGarbage');
      const { metrics } = await app.session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? 0;
    };
    await app.session.send('Performance.enable');
    const [first, second] = [await held(), await repeatedly(5).then(held)];
    expect(second).toBeLessThanOrEqual(first);
    await show({ charts: [] });
    await expect.poll(() => app.page.locator('canvas, .readout').count()).toBe(0);
  });

  async function repeatedly(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await show({ charts: [] });
      await show({ charts: Array<PanelData>(12).fill(week) });
    }
  }

  it('makes a picture twice as fine as the window, in the theme of the window', async () => {
    const picture = await app.page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${await chartPage.png(data)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context?.drawImage(image, 0, 0);
      const colours = new Set<string>();
      const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
      for (let at = 0; at < pixels.length; at += 4) {
        colours.add([pixels[at], pixels[at + 1], pixels[at + 2]].join(' '));
      }
      return { size: [image.width, image.height], colours: [...colours] };
    }, week);
    expect(picture.size).toEqual([1920, 720]);
    expect(picture.colours).toEqual(
      expect.arrayContaining(['255 255 255', '42 91 199', '111 146 227', '79 87 99', '138 146 159', '23 58 133']),
    );
  });
});
