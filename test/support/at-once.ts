/** Limits how many things happen side by side. */

/** Returns a function that runs its argument as soon as fewer than `most` others are running. */
export function atMost(most: number): <Result>(play: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (play) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await play();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
