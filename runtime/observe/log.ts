import type { Clock } from '../contract/index.ts'
import { printable } from './printable.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'
export type Fields = Readonly<Record<string, string | number | boolean | null>>

export interface Logger {
  log(level: Level, message: string, fields?: Fields): void
  /** At most one line per message and ten seconds; the next one says how many were left out. `of`: who has lines of their own. */
  limited(level: Level, message: string, fields?: Fields | (() => Fields), of?: string): void
}

/** As it is where lines are written. */
export interface LineWriter extends Logger {
  /** Says of what was left out how often it came: of what is ten seconds old, or, at the end, of all. */
  tellRest(isEnd: boolean): void
}

const order: readonly Level[] = ['debug', 'info', 'warn', 'error']
const LIMIT_MS = 10_000

export interface LogOptions {
  readonly format: 'json' | 'text'
  readonly level: Level
  readonly clock: Pick<Clock, 'now' | 'elapsed'>
  readonly write: (line: string) => void
}

interface Limited {
  readonly level: Level
  readonly message: string
  readonly of: string
  time: number
  /** Lines that were left out since. */
  left: number
}

/** Structured lines: JSON for machines, `time LEVEL message name=value` for people. */
export function makeLogger({ format, level, clock, write }: LogOptions): LineWriter {
  const lowest = order.indexOf(level)
  const render = format === 'json' ? renderJson : renderText
  const log: Logger['log'] = (at, message, fields = {}) => {
    if (order.indexOf(at) >= lowest)
      write(render(new Date(clock.now()).toISOString(), at, message, fields))
  }
  const told = new Map<string, Map<string, Limited>>()
  const tellRest = (isEnd: boolean): void => {
    for (const one of [...told.values()].flatMap(lines => [...lines.values()])) {
      if (one.left === 0 || (!isEnd && clock.elapsed() - one.time < LIMIT_MS)) continue
      const { of, left: repeated } = one
      log(one.level, one.message, of === '' ? { repeated } : { of, repeated })
      one.left = 0
      one.time = clock.elapsed()
    }
  }
  return {
    log,
    limited(at, message, fields = {}, of = '') {
      // By two texts that are there already: it is asked once per record, and to join them would take longer than the rest.
      const seen = told.get(message)?.get(of)
      const time = clock.elapsed()
      if (seen !== undefined && time - seen.time < LIMIT_MS) {
        seen.left++
        return
      }
      const left = seen?.left ?? 0
      // Messages hold names and codes, not values; still, nobody may grow this without bound.
      if (told.size > 1000) {
        tellRest(true)
        told.clear()
      }
      const lines = told.get(message) ?? new Map<string, Limited>()
      told.set(message, lines.set(of, { level: at, message, of, time, left: 0 }))
      const all = typeof fields === 'function' ? fields() : fields
      log(at, message, left === 0 ? all : { ...all, repeated: left })
    },
    tellRest
  }
}

/** A logger whose lines say this too. */
export function withFields(logger: Logger, more: Fields): Logger {
  return {
    log: (level, message, fields) => logger.log(level, message, { ...fields, ...more }),
    limited(level, message, fields, of) {
      const all = (): Fields => ({ ...(typeof fields === 'function' ? fields() : fields), ...more })
      logger.limited(level, message, all, of)
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
