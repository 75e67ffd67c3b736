import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { Readable } from 'node:stream'

const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a program in our place: its output is ours, our signals are its, its exit code too (128 and the signal's number where
 * a signal ended it, as shells have it). `input` is what it reads; without it, nothing. It has a channel to us, whose end tells
 * it that we are gone, also by kill -9: then it ends too.
 */
export async function runChild(
  program: string,
  words: readonly string[],
  input?: AsyncIterable<string>
): Promise<number> {
  const child = spawn(program, words, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit', 'ipc'],
    // A group of its own: at a terminal Ctrl-C reaches only us, and we pass it on once. Twice would end it without a drain.
    detached: true
  })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  for (const signal of passed) process.on(signal, pass)
  let inputError: Error | null = null
  if (input !== undefined && child.stdin !== null) {
    const rows = Readable.from(input)
    rows.once('error', error => {
      inputError = error
      child.kill('SIGTERM')
    })
    // The child may end before its input does.
    child.stdin.on('error', () => rows.destroy())
    child.once('exit', () => rows.destroy())
    rows.pipe(child.stdin)
  }
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    if (inputError !== null) throw inputError
    return code ?? 128 + constants.signals[signal!]
  } finally {
    for (const name of passed) process.off(name, pass)
  }
}
