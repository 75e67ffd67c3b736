import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until the answer is yes; an error that says what was waited for after `timeout` ms. */
export async function until(
  what: string,
  ask: () => boolean | Promise<boolean>,
  timeout = 30_000
): Promise<void> {
  const deadline = Date.now() + timeout
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain until ${what}`)
    await sleep(50)
  }
}
