/** Something that runs until it is stopped, or ends by itself. */
interface Running {
  /** Resolves when it has stopped; rejects with what made it stop. */
  readonly done: Promise<void>
  stop(): Promise<void>
}

/**
 * Several that run as one: when the first has stopped, or is told to, all of `others` stop too, and so they do when one of them fails:
 * who starts them again finds all where they were. `failed` rejects with why.
 */
export function endTogether(
  first: Running,
  others: () => readonly Promise<void>[],
  failed: Promise<never>
): Running {
  let stopping: Promise<unknown> | null = null
  const stop = async (): Promise<void> => {
    stopping ??= Promise.all([first.stop(), ...others()])
    await stopping
  }
  const done = Promise.race([first.done.then(stop), failed]).catch(async (error: unknown) => {
    await stop().catch(() => {})
    throw error
  })
  // Who waits for the end asks later; until then a failure is not an unhandled one.
  done.catch(() => {})
  return { done, stop }
}
