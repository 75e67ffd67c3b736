import type { Property } from '../../ast/index.ts'
import {
  parameterRepeated,
  parameterValue,
  propertyNotFound,
  propertyOfJava,
  propertyOfOtherClient,
  propertyReserved,
  secretInScript
} from '../../diagnostics/bind-kafka.ts'
import type { BoundProperty } from '../../ir/index.ts'
import {
  type Client,
  expectedValue,
  findProperty,
  isDeferred,
  propertyNames,
  reservedProperties,
  secretProperties
} from '../../kafka/index.ts'
import { type BindContext, report } from '../context.ts'
import { valueText } from './parameters.ts'

/** CONFIG's properties under librdkafka's names, each checked for name, type and range. */
export function bindConfig(
  properties: readonly Property[],
  client: Client,
  cx: BindContext
): BoundProperty[] {
  const bound: BoundProperty[] = []
  for (const property of properties) {
    const one = bindProperty(property, client, cx)
    if (one === null) continue
    const first = bound.find(other => other.name === one.name)
    if (first === undefined) bound.push(one)
    else report(cx, parameterRepeated(property.name, property.nameSpan, first.span))
  }
  return bound
}

function bindProperty(
  { name, nameSpan, value, span }: Property,
  client: Client,
  cx: BindContext
): BoundProperty | null {
  const found = findProperty(name, client)
  switch (found.kind) {
    case 'None':
      report(cx, propertyNotFound(name, nameSpan, propertyNames(client)))
      return null
    case 'OtherClient':
      report(cx, propertyOfOtherClient(name, found.client, nameSpan))
      return null
    case 'JavaOnly':
      report(cx, propertyOfJava(name, found.instead, nameSpan))
      return null
    case 'Found':
  }
  const { property, divide } = found
  const text = valueText(value)
  const reserved = reservedProperties[property.name]
  if (reserved !== undefined && !reserved.allowed.includes(text.toLowerCase())) {
    report(cx, propertyReserved(name, text, reserved.why, span))
    return null
  }
  if (isDeferred(text)) return { name: property.name, value: text, span }
  if (secretProperties.has(property.name)) report(cx, secretInScript(name, value.span))
  const scaled = divide === 1 ? text : String(Math.ceil(Number(text) / divide))
  const wanted = expectedValue(property, scaled)
  if (wanted !== null) {
    const choices = property.values.kind === 'choice' ? property.values.choices : []
    report(cx, parameterValue(name, wanted, value.span, choices))
    return null
  }
  return { name: property.name, value: scaled, span }
}
