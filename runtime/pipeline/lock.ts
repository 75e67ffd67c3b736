/** Runs one piece of asynchronous work at a time, in the order of asking. */
export interface Lock {
  run<T>(work: () => Promise<T>): Promise<T>
}

export function makeLock(): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(work) {
      const result = last.then(work)
      // The next one waits for the end of this one, however it ends.
      last = result.then(
        () => {},
        () => {}
      )
      return result
    }
  }
}
