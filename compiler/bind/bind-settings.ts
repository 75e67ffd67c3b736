import type { Script, SetStatement } from '../ast/index.ts'
import { parameterNotFound, parameterValue } from '../diagnostics/bind-kafka.ts'
import { commitTooRare } from '../diagnostics/bind-delivery.ts'
import type { BoundSettings } from '../ir/index.ts'
import { parameterNames, settingParameters } from '../kafka/index.ts'
import { type BindContext, report } from './context.ts'
import { valueText } from './kafka/parameters.ts'

const names = parameterNames(settingParameters)
const DAY = 86_400_000

/** Where a script says nothing, in ms. Exactly once, nobody reads a row before its commit. */
const commitIntervals = { at_least_once: 1000, exactly_once: 100 } as const
/** A transaction stays open for it, and brokers end those that take too long: after 15 minutes at the latest. */
const LONGEST_TRANSACTION = 300_000
/** Each task of a stage has clients of its own, and the topics of its state a partition. */
const MOST_TASKS = 256

/** SET statements: whole-script settings. */
export function bindSettings(script: Script, cx: BindContext): BoundSettings {
  let found: Partial<BoundSettings> = {}
  let interval: SetStatement | null = null
  for (const statement of script.statements) {
    if (statement.kind !== 'Set') continue
    found = { ...found, ...bindSetting(statement, cx) }
    if (statement.name.name.toLowerCase() === 'commit_interval') interval = statement
  }
  const { delivery = 'at_least_once' } = found
  const { commitInterval = commitIntervals[delivery] } = found
  if (delivery === 'exactly_once' && interval !== null && commitInterval > LONGEST_TRANSACTION) {
    report(cx, commitTooRare(interval.value.span))
  }
  const { parallelism = 1, state = 'memory', windowRetention = DAY, stateTtl = null } = found
  return { delivery, commitInterval, parallelism, state, windowRetention, stateTtl }
}

function bindSetting({ name, value }: SetStatement, cx: BindContext): Partial<BoundSettings> {
  const text = valueText(value)
  const refuse = (wanted: string, choices: readonly string[] = []): Record<string, never> => {
    report(cx, parameterValue(name.name, wanted, value.span, choices))
    return {}
  }
  const time = (
    example: string,
    set: (interval: number) => Partial<BoundSettings>
  ): Partial<BoundSettings> => {
    const interval = parseInterval(text)
    return interval === null ? refuse(`a time such as ${example}`) : set(interval)
  }
  switch (name.name.toLowerCase()) {
    case 'delivery':
      return text === 'at_least_once' || text === 'exactly_once'
        ? { delivery: text }
        : refuse('at_least_once or exactly_once', ['at_least_once', 'exactly_once'])
    case 'commit_interval':
      return time("'100 ms' or '2 s'", commitInterval => ({ commitInterval }))
    case 'parallelism':
      return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_TASKS
        ? { parallelism: Number(text) }
        : refuse(`an integer from 1 to ${MOST_TASKS}`)
    case 'state_ttl':
      return time("'12 hours' or '7 days'", stateTtl => ({ stateTtl }))
    case 'window_retention':
      return time("'12 hours' or '7 days'", windowRetention => ({ windowRetention }))
    case 'state':
      return text === 'memory' || text === 'lmdb'
        ? { state: text }
        : refuse('memory or lmdb', ['memory', 'lmdb'])
    default:
      report(cx, parameterNotFound('SET', name.name, name.span, names))
      return {}
  }
}

/** `'100 ms'` in milliseconds; null if it is no time above zero. */
function parseInterval(text: string): number | null {
  const match = /^\s*(\d{1,9})\s*([a-z]+)\s*$/i.exec(text)
  const unit = units.find(({ name }) => name.test(match?.[2] ?? ''))
  if (match === null || unit === undefined) return null
  const interval = Number(match[1]) * unit.length
  return interval > 0 ? interval : null
}

const units: readonly { readonly name: RegExp; readonly length: number }[] = [
  { name: /^(ms|milliseconds?)$/i, length: 1 },
  { name: /^(s|sec|seconds?)$/i, length: 1000 },
  { name: /^(min|minutes?)$/i, length: 60_000 },
  { name: /^(h|hours?)$/i, length: 3_600_000 },
  { name: /^(d|days?)$/i, length: DAY }
]
