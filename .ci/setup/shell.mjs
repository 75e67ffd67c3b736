import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
export const MODULES = join(ROOT, 'node_modules')
/** Node 24, from its npm package. The machine's own Node only runs the set-up. */
export const NODE = join(MODULES, '.bin/node')

const TAIL_LINES = 20
/** The line that matters is seldom the last: make and npm say at length that something went wrong before. */
const CAUSE = /\berror:|\bfatal\b|\*\*\* |ENOSPC|EACCES|E4\d\d/i

/** A problem that the person at the keyboard can solve: shown without a stack trace. */
export class SetupError extends Error {}

export function hasCommand(name) {
  return spawnSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' }).status === 0
}

/** Runs a long command under one progress line. Its output goes to a log file, whose end is shown when it fails. */
export async function runStep(title, command, args, options = {}) {
  const log = join(MODULES, '.cache/setup-logs', `${title.replace(/\W+/g, '-')}.log`)
  mkdirSync(dirname(log), { recursive: true })
  const started = Date.now()
  const stopProgress = showProgress(title, started)
  const code = await runLogged(command, args, options, log)
  stopProgress()
  const seconds = Math.round((Date.now() - started) / 1000)
  if (code === 0) {
    console.log(`setup: ${title}: done in ${seconds} s`)
    return
  }
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  const causes = lines.filter(line => CAUSE.test(line)).slice(0, 5)
  const shown = [...causes, '...', ...lines.slice(-TAIL_LINES)].join('\n')
  throw new SetupError(
    `${title} failed (${code}): ${[command, ...args].join(' ')}\n\n${shown}\n\nThe whole log: ${log}`
  )
}

function runLogged(command, args, options, log) {
  const output = createWriteStream(log)
  return new Promise(resolve => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.pipe(output, { end: false })
    child.stderr.pipe(output, { end: false })
    const end = code => output.end(() => resolve(code))
    child.on('error', error => output.write(`${error.message}\n`, () => end('not started')))
    child.on('close', (code, signal) => end(code ?? signal))
  })
}

/** A terminal gets a counter that stays on its line; a log gets a line now and then. */
function showProgress(title, started) {
  const seconds = () => Math.round((Date.now() - started) / 1000)
  if (!process.stdout.isTTY) {
    console.log(`setup: ${title} ...`)
    const timer = setInterval(() => console.log(`setup: ${title} ... ${seconds()} s`), 20_000)
    return () => clearInterval(timer)
  }
  const draw = () => process.stdout.write(`\r\x1b[Ksetup: ${title} ... ${seconds()} s`)
  draw()
  const timer = setInterval(draw, 1000)
  return () => {
    clearInterval(timer)
    process.stdout.write('\r\x1b[K')
  }
}
