import type { ChartPart } from '../chart-model.ts';
import type { Paint } from './paint.ts';

/** The sign of a part on a canvas, as legends show it: a status in its shape, else a swatch. Its middle is at x, y. */
export function drawMark(
  context: CanvasRenderingContext2D,
  { status, colour }: Pick<ChartPart, 'status' | 'colour'>,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
  paint: Paint,
): void {
  const half = size / 2;
  context.save();
  context.fillStyle = paint.colour(colour);
  context.strokeStyle = paint.colour(colour);
  context.lineWidth = size / 7;
  context.beginPath();
  switch (status) {
    case 'suspicious':
      context.moveTo(x, y - half);
      context.lineTo(x + half, y + half);
      context.lineTo(x - half, y + half);
      context.fill();
      break;
    case 'non-malicious':
      context.arc(x, y, half, 0, Math.PI * 2);
      context.fill();
      break;
    case 'pending':
      context.setLineDash([size / 4, size / 5]);
      context.arc(x, y, half * 0.9, 0, Math.PI * 2);
      context.stroke();
      break;
    case 'unknown':
      context.arc(x, y, half * 0.9, 0, Math.PI * 2);
      context.stroke();
      break;
    default:
      context.fillRect(x - half, y - half, size, size);
  }
  context.restore();
}
