import type { Script, SetStatement } from '../ast/index.ts'
import { parameterNotFound, parameterValue } from '../diagnostics/bind-kafka.ts'
import { notSupportedYet } from '../diagnostics/bind.ts'
import type { BoundSettings } from '../ir/index.ts'
import { parameterNames, settingParameters } from '../kafka/index.ts'
import { type BindContext, report } from './context.ts'
import { valueText } from './kafka/parameters.ts'

const names = parameterNames(settingParameters)
const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 }

/** SET statements: whole-script settings. */
export function bindSettings(script: Script, cx: BindContext): BoundSettings {
  let settings: BoundSettings = { delivery: 'at_least_once', commitInterval: 1000, parallelism: 1 }
  for (const statement of script.statements) {
    if (statement.kind === 'Set') settings = { ...settings, ...bindSetting(statement, cx) }
  }
  return settings
}

function bindSetting({ name, value, span }: SetStatement, cx: BindContext): Partial<BoundSettings> {
  const text = valueText(value)
  const refuse = (wanted: string, choices: readonly string[] = []): Record<string, never> => {
    report(cx, parameterValue(name.name, wanted, value.span, choices))
    return {}
  }
  switch (name.name.toLowerCase()) {
    case 'delivery':
      if (text === 'at_least_once') return { delivery: 'at_least_once' }
      if (text !== 'exactly_once') {
        return refuse('at_least_once or exactly_once', ['at_least_once', 'exactly_once'])
      }
      report(cx, notSupportedYet("delivery = 'exactly_once'", value.span))
      return {}
    case 'commit_interval': {
      const interval = parseInterval(text)
      return interval === null
        ? refuse("a time such as '100 ms' or '2 s'")
        : { commitInterval: interval }
    }
    case 'parallelism':
      if (text === '1') return {}
      if (!/^\d+$/.test(text) || text === '0') return refuse('an integer from 1')
      report(cx, notSupportedYet('parallelism above 1', value.span))
      return {}
    case 'state':
    case 'state_ttl':
    case 'window_retention':
      report(cx, notSupportedYet(`SET ${name.name}`, span))
      return {}
    default:
      report(cx, parameterNotFound('SET', name.name, name.span, names))
      return {}
  }
}

/** `'100 ms'` in milliseconds; null if it is no time above zero. */
function parseInterval(text: string): number | null {
  const match = /^\s*(\d+)\s*(ms|milliseconds?|s|sec|seconds?|min|minutes?)\s*$/i.exec(text)
  if (match === null) return null
  const unit = match[2]!.toLowerCase()
  const key =
    unit.startsWith('mi') && unit !== 'min' && !unit.startsWith('minute')
      ? 'ms'
      : unit.startsWith('min')
        ? 'min'
        : unit === 'ms'
          ? 'ms'
          : 's'
  const interval = Number(match[1]) * milliseconds[key]!
  return interval > 0 ? interval : null
}
