/** Draws the pictures of the summaries in docs/images anew, with Chromium: that of CHROMIUM, or `chromium` on PATH. */
import './typescript/register.mjs';

// By its address, because it is type-checked with the tests that it stands among and brings the whole action along.
const { main } = await import(new URL('../test/support/draw-pictures.ts', import.meta.url).href);
process.exitCode = await main(process.env, {
  out: (/** @type {string} */ line) => console.log(line),
  err: (/** @type {string} */ line) => console.error(line),
});
