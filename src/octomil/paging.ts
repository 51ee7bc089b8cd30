/** Reads a list to its end, page by page, and refuses one whose end cannot be told. */
import type { z } from 'zod';
import type { Connection } from './connection.ts';
import { ProtocolError } from './errors.ts';
import type { Page } from './wire-page.ts';
import { type Answer, detailsOf, parseAnswer } from './wire-parse.ts';

/** The largest page that the models route gives. Source: docs /api-reference/api-models. */
const PAGE_LIMIT = 100;
/** 20,000 items; a list that goes on is a server that ignores `offset`. */
const MAX_PAGES = 200;

/** One list of the API. */
export interface ListQuery<T> {
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /**
   * True for lists that document `limit` and `offset`: the first page asks for 100. A list without them is
   * asked plainly first and only goes on when the answer says that there is more.
   */
  readonly paged: boolean;
  readonly page: z.ZodType<Page<T>>;
  idOf(item: T): string;
}

/**
 * Resolves with every item of a list, in the server's order, each id once.
 *
 * Errors: ProtocolError when the server says that there is more than it shows; OctomilError of the call.
 */
export async function readList<T>(connection: Connection, list: ListQuery<T>): Promise<readonly T[]> {
  const items = new Map<string, T>();
  let offset = 0;
  for (let pageNumber = 1; ; pageNumber += 1) {
    const answer = await connection.call({
      method: 'GET',
      route: list.route,
      ...(list.params === undefined ? {} : { params: list.params }),
      query: { ...list.query, ...pageQuery(list.paged || pageNumber > 1, offset) },
    });
    const page = parseAnswer(list.page, answer);
    const before = items.size;
    for (const item of page.items) items.set(list.idOf(item), item);
    offset += page.items.length;
    if (!hasMore(page, offset, list.paged)) return [...items.values()];
    // The same items again, or none at all, although there should be more: the end cannot be reached.
    if (items.size === before || pageNumber >= MAX_PAGES) {
      if (page.total === null) return [...items.values()];
      throw truncated(answer, items.size, page.total);
    }
  }
}

function pageQuery(asked: boolean, offset: number): Readonly<Record<string, string>> {
  return asked ? { limit: String(PAGE_LIMIT), offset: String(offset) } : {};
}

function hasMore<T>(page: Page<T>, seen: number, paged: boolean): boolean {
  if (page.total !== null) return seen < page.total;
  const limit = page.limit ?? (paged ? PAGE_LIMIT : null);
  return limit !== null && page.items.length > 0 && page.items.length >= limit;
}

function truncated(answer: Answer, got: number, total: number): ProtocolError {
  return new ProtocolError(
    answer.where,
    {
      field: 'the list',
      got: `${got} items, after which the API repeats itself`,
      expected: `${total} as its total says`,
    },
    detailsOf(answer),
  );
}
