import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import { chartModel, type ChartModel } from './chart-model.ts';
import { beforeWords, rangeWords, valueWords } from './chart-words.ts';
import { drawMark } from './drawing/mark.ts';
import { readPaint, type Paint } from './drawing/paint.ts';
import { drawPlot } from './drawing/plot.ts';
import { uPlot } from './drawing/uplot.ts';

interface Picture {
  readonly panel: Panel;
  readonly data: PanelData;
  /** CSS pixels; the picture has twice as many. */
  readonly width?: number;
  readonly height?: number;
}

interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly paint: Paint;
  readonly width: number;
}

const SCALE = 2;
const MARGIN = 16;
const LINE = 18;

/**
 * A panel as a picture in the present theme: title, total, time (UTC, as in everything that leaves the window), legend
 * and chart. Base64 of a PNG without the head of a data URL. Rejects where the window cannot draw.
 */
export async function chartPng({ panel, data, width = 960, height = 360 }: Picture): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) {
    throw new Error('this window draws no pictures');
  }
  const sheet = { context, paint: readPaint(), width };
  const model = chartModel(panel, data);
  context.scale(SCALE, SCALE);
  context.fillStyle = sheet.paint.surface;
  context.fillRect(0, 0, width, height);
  drawHead(sheet, panel, data);
  const top = drawLegend(sheet, panel, data, model) + LINE / 2;
  const area = { top, width: width - 2 * MARGIN, height: height - top - MARGIN / 2 };
  drawChart(sheet, { panel, data }, model, area);
  return base64Of(canvas);
}

function drawHead({ context, paint, width }: Sheet, panel: Panel, data: PanelData): void {
  context.textBaseline = 'alphabetic';
  context.fillStyle = paint.textStrong;
  context.font = `600 15px ${paint.fontFamily}`;
  context.fillText(panel.title, MARGIN, MARGIN + 14);
  context.textAlign = 'right';
  context.fillText(valueWords(panel.unit, data.total), width - MARGIN, MARGIN + 14);
  context.textAlign = 'left';
  context.fillStyle = paint.text;
  context.font = `12px ${paint.fontFamily}`;
  context.fillText(rangeWords(data.from, data.to, 'utc'), MARGIN, MARGIN + 14 + LINE);
}

/** Returns where it ends. */
function drawLegend({ context, paint, width }: Sheet, panel: Panel, data: PanelData, model: ChartModel): number {
  let x = MARGIN;
  let y = MARGIN + 14 + 2 * LINE;
  context.font = `12px ${paint.fontFamily}`;
  const entry = (words: string, mark: (left: number) => void, room: number): void => {
    const long = room + context.measureText(words).width;
    if (x + long > width - MARGIN && x > MARGIN) {
      x = MARGIN;
      y += LINE;
    }
    mark(x);
    context.fillStyle = paint.textStrong;
    context.fillText(words, x + room, y);
    x += long + MARGIN;
  };
  for (const part of data.split === 'none' ? [] : model.parts) {
    const words = part.total === null ? part.label : `${part.label}, ${valueWords(panel.unit, part.total)}`;
    entry(words, (left) => drawMark(context, part, { x: left + 4, y: y - 4, size: 9 }, paint), 14);
  }
  if (data.before !== null && model.before !== null) {
    const words = `${beforeWords(data)}, ${valueWords(panel.unit, data.before.total)}`;
    entry(words, (left) => drawDashes(context, paint, left, y - 4), 26);
  }
  return x === MARGIN && y === MARGIN + 14 + 2 * LINE ? y - LINE : y;
}

function drawDashes(context: CanvasRenderingContext2D, paint: Paint, x: number, y: number): void {
  context.save();
  context.strokeStyle = paint.text;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 20, y);
  context.stroke();
  context.restore();
}

function drawChart(
  { context, paint }: Sheet,
  { panel, data }: Picture,
  model: ChartModel,
  { top, width, height }: { readonly top: number; readonly width: number; readonly height: number },
): void {
  const host = document.createElement('div');
  const zoom = SCALE / uPlot.pxRatio;
  const plot = drawPlot(host, { panel, data, model, zone: 'utc', paint, width, height, gutter: 0, zoom });
  if (plot === null) {
    throw new Error('this window draws no pictures');
  }
  context.drawImage(plot.canvas, MARGIN, top, width, height);
  plot.destroy();
  if (model.empty !== null) {
    context.fillStyle = paint.textStrong;
    context.textAlign = 'center';
    context.fillText(model.empty, MARGIN + width / 2, top + height / 2);
  }
}

async function base64Of(canvas: HTMLCanvasElement): Promise<string> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) {
    throw new Error('the picture could not be encoded');
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
