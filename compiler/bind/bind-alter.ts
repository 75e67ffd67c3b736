import type { Alter, Property } from '../ast/index.ts'
import { settingOfDataflow } from '../diagnostics/bind-tables.ts'
import { offsetResets, parameterNames, sinkParameters, sourceParameters } from '../kafka/index.ts'
import { type BindContext, report } from './context.ts'
import { bindConfig } from './kafka/bind-config.ts'
import { readParameters } from './kafka/parameters.ts'

/** ALTER of a source or sink that runs. */
export interface BoundAlter {
  readonly kind: 'Alter'
  readonly object: 'SOURCE' | 'SINK'
  readonly name: string
  /** Kafka's properties under librdkafka's names, and `auto_offset_reset`. */
  readonly settings: Readonly<Record<string, string>>
  /** The settings' names as the statement has them. */
  readonly names: readonly string[]
}

/** What a sink's clause calls a property of its client. */
const clientNames: Readonly<Record<string, string>> = {
  compression: 'compression.codec',
  batch_size: 'batch.num.messages',
  linger_ms: 'linger.ms'
}

/** Settings as CREATE checks them. Null after a diagnostic. */
export function bindAlter(statement: Alter, cx: BindContext): BoundAlter | null {
  const { object, name, properties, span } = statement
  const known = parameterNames(object === 'SOURCE' ? sourceParameters : sinkParameters)
  const isClause = ({ name: own }: Property): boolean => known.includes(own.toLowerCase())
  const before = cx.session.diagnostics.length
  const ofClause = readParameters('ALTER', properties.filter(isClause), known, span, cx)
  const settings: Record<string, string> = {}
  for (const { name: own, nameSpan } of properties.filter(isClause)) {
    const parameter = own.toLowerCase()
    const client = object === 'SINK' ? clientNames[parameter] : undefined
    if (object === 'SOURCE' && parameter === 'auto_offset_reset') {
      settings[parameter] = ofClause.choice(parameter, offsetResets, 'latest')
    } else if (client === undefined) report(cx, settingOfDataflow(own, nameSpan))
  }
  // What has a name of its own in the clause is checked as the property that it sets.
  const renamed = properties.flatMap(property => {
    const client = clientNames[property.name.toLowerCase()]
    if (object === 'SINK' && client !== undefined) return [{ ...property, name: client }]
    return isClause(property) ? [] : [property]
  })
  const config = bindConfig(renamed, object === 'SOURCE' ? 'source' : 'sink', cx)
  for (const { name: own, value } of config) settings[own] = value
  const found = cx.session.diagnostics.slice(before)
  if (found.some(({ severity }) => severity === 'error')) return null
  const names = properties.map(({ name: own }) => own)
  return { kind: 'Alter', object, name: name.parts.at(-1)!.name, settings, names }
}
