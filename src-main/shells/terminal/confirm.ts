import type { Host } from './host.ts';

/**
 * Asks a question on the terminal and waits for a line; only `y` or `yes` is a yes. A request to stop and the end of
 * input are a no. The caller has made sure that standard input is a terminal.
 */
export async function confirm(host: Host, question: string, signal: AbortSignal): Promise<boolean> {
  const { stdin } = host;
  host.stderr.write(`${question} [y/N] `);
  const answer = await new Promise<string>((resolve) => {
    let typed = '';
    const end = (): void => {
      stdin.off('data', hear).off('end', end);
      signal.removeEventListener('abort', end);
      stdin.pause();
      resolve(typed);
    };
    const hear = (data: Buffer | string): void => {
      typed += data.toString('utf8');
      if (/[\r\n]/.test(typed) || typed.length > 100) {
        end();
      }
    };
    stdin.on('data', hear).on('end', end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) {
      end();
    }
  });
  return /^\s*y(es)?\s*$/i.test(answer.split(/[\r\n]/)[0] ?? '');
}
