/** Cuts a byte stream into lines the way the runner reads a process: at LF, CR LF or CR. */
import { StringDecoder } from 'node:string_decoder';

/**
 * Returns a splitter that calls `onLine` for every complete line, and for the rest when the stream ends.
 *
 * @param {(line: string) => void} onLine receives the line without its end
 * @returns {{ push(chunk: Buffer): void, end(): void }}
 */
export function createLineSplitter(onLine) {
  const decoder = new StringDecoder('utf8');
  let pending = '';

  /** @param {string} text */
  const take = (text) => {
    pending += text;
    const lines = pending.split(/\r\n|\n|\r(?!$)/);
    pending = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };

  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      const rest = pending.endsWith('\r') ? pending.slice(0, -1) : pending;
      if (pending !== '') onLine(rest);
      pending = '';
    },
  };
}
