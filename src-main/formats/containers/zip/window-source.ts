import type { ByteSource } from '../port.ts';

const WINDOW_BYTES = 256 * 1024;
/** What is at most served out of the window; longer reads go past it. */
const SHORT_BYTES = 64 * 1024 + 1024;

/** A source that is read ahead: members follow one another, and a read for each would take longer than unpacking them. */
export function windowSource(source: ByteSource): ByteSource {
  let from = 0;
  let window: Uint8Array = new Uint8Array(0);
  return {
    size: source.size,
    async read(at, length) {
      if (length > SHORT_BYTES) {
        return source.read(at, length);
      }
      const end = Math.min(at + length, source.size);
      if (at < from || end > from + window.length) {
        from = at;
        window = await source.read(at, WINDOW_BYTES);
      }
      return window.slice(at - from, Math.max(0, end - from));
    },
    close: () => source.close(),
  };
}
