/** The cells of a CSV text by RFC 4180, written apart from what reads lists. */
export function unpackCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        at += text[at] === '"' ? 1 : 0;
        cell += text[at] ?? '';
      }
      at += 1;
    } else {
      const end = text.slice(at).search(/[,\n]/);
      cell = text.slice(at, at + end);
      at += end;
    }
    row.push(cell);
    if (text[at] === '\n') {
      rows.push(row);
      row = [];
    }
    at += 1;
  }
  return rows;
}
