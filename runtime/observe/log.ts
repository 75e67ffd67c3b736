import type { Clock } from '../contract/index.ts'
import { printable } from './printable.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'
export type Fields = Readonly<Record<string, string | number | boolean | null>>

export interface Logger {
  log(level: Level, message: string, fields?: Fields): void
  /** At most one line per message and ten seconds; the next one says how many were left out. */
  limited(level: Level, message: string, fields?: Fields | (() => Fields)): void
}

const order: readonly Level[] = ['debug', 'info', 'warn', 'error']
const LIMIT_MS = 10_000

export interface LogOptions {
  readonly format: 'json' | 'text'
  readonly level: Level
  readonly clock: Pick<Clock, 'now' | 'elapsed'>
  readonly write: (line: string) => void
}

/** Structured lines: JSON for machines, `time LEVEL message name=value` for people. */
export function makeLogger({ format, level, clock, write }: LogOptions): Logger {
  const lowest = order.indexOf(level)
  const render = format === 'json' ? renderJson : renderText
  const last = new Map<string, { time: number; left: number }>()
  const log: Logger['log'] = (at, message, fields = {}) => {
    if (order.indexOf(at) >= lowest)
      write(render(new Date(clock.now()).toISOString(), at, message, fields))
  }
  return {
    log,
    limited(at, message, fields = {}) {
      const seen = last.get(message)
      const time = clock.elapsed()
      if (seen !== undefined && time - seen.time < LIMIT_MS) {
        seen.left++
        return
      }
      const left = seen?.left ?? 0
      // Messages hold names and codes, not values; still, nobody may grow this without bound.
      if (last.size > 1000) last.clear()
      last.set(message, { time, left: 0 })
      const all = typeof fields === 'function' ? fields() : fields
      log(at, message, left === 0 ? all : { ...all, repeated: left })
    }
  }
}

function renderJson(time: string, level: Level, message: string, fields: Fields): string {
  return printable(JSON.stringify({ time, level, message, ...fields })) + '\n'
}

function renderText(time: string, level: Level, message: string, fields: Fields): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  return printable(`${time} ${level.toUpperCase().padEnd(5)} ${message}${pairs.join('')}`) + '\n'
}
