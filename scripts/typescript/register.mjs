/** Lets this thread import the repository's TypeScript, also on a Node that cannot strip types. */
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
