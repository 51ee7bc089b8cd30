/** How one input is read and refused. Types only. */
import type { InputKey } from './io-keys.ts';

/** The way to the inputs' texts, and the list that every problem goes to. */
export interface InputReader {
  /** Returns the trimmed text; empty where it is not set. */
  readonly read: (key: InputKey) => string;
  /** Notes a problem; `shown` stands in for a text that must not be repeated. */
  readonly refuse: (input: InputKey, expected: string, shown?: string) => void;
}
