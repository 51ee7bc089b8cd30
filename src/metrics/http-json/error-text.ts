/** What a server says in its own words when it refuses. Pure. */
import { z } from 'zod';

const words = z.string().min(1);
const WITH_WORDS = [
  z.object({ error: z.object({ message: words }).transform(({ message }) => message) }),
  z.object({ error: words }),
  z.object({ message: words }).transform(({ message }) => ({ error: message })),
  z.object({ detail: words }).transform(({ detail }) => ({ error: detail })),
  z.object({ title: words }).transform(({ title }) => ({ error: title })),
];

/** Returns the message of an error's body in any usual form (`error`, `message`, `detail`, `title`), or null. */
export function errorTextIn(body: unknown): string | null {
  for (const form of WITH_WORDS) {
    const parsed = form.safeParse(body);
    if (parsed.success) return parsed.data.error;
  }
  return null;
}
