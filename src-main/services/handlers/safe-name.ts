/** A title as the name of a file on every system; `otherwise` where nothing of it is left. */
export function safeName(title: string, otherwise: string): string {
  const cleaned = title.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').slice(0, 80);
  return cleaned === '' ? otherwise : cleaned;
}
