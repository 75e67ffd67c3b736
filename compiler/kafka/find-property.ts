import { javaOnlyProperties, javaProperties } from './java-properties.ts'
import {
  librdkafkaAliases,
  librdkafkaProperties,
  type KafkaProperty
} from './librdkafka-properties.ts'
import { ownProperties } from './own-properties.ts'
import { registrationProperty, registryAliases, registryProperties } from './registry-properties.ts'

export type Client = 'source' | 'sink'

export type FoundProperty =
  /** `divide`: what an integer value is divided by, rounded up. */
  | { readonly kind: 'Found'; readonly property: KafkaProperty; readonly divide: number }
  | { readonly kind: 'OtherClient'; readonly client: Client }
  | { readonly kind: 'JavaOnly'; readonly instead: string }
  | { readonly kind: 'None' }

const allProperties = [
  ...librdkafkaProperties,
  ...ownProperties,
  ...registryProperties,
  registrationProperty
]
const aliases = { ...librdkafkaAliases, ...registryAliases }
const byName = new Map(allProperties.map(property => [property.name, property]))

/** Underscores mean dots, save in a name that has underscores itself. */
export function dottedName(name: string): string {
  return byName.has(name) ? name : name.toLowerCase().replaceAll('_', '.')
}

/** Finds a CONFIG property by librdkafka's or Java's name. */
export function findProperty(name: string, client: Client): FoundProperty {
  const dotted = dottedName(name)
  const java = javaProperties[dotted]
  const own = java?.[client] ?? aliases[dotted] ?? dotted
  const property = byName.get(own)
  if (java !== undefined && java[client] === undefined) {
    return { kind: 'OtherClient', client: client === 'source' ? 'sink' : 'source' }
  }
  if (property !== undefined) {
    if (property.side !== 'both' && property.side !== client) {
      return { kind: 'OtherClient', client: property.side }
    }
    return { kind: 'Found', property, divide: java?.divide ?? 1 }
  }
  const instead = javaOnlyProperties[dotted]
  return instead === undefined ? { kind: 'None' } : { kind: 'JavaOnly', instead }
}

/** Every name that a client takes: for did-you-mean. */
export function propertyNames(client: Client): readonly string[] {
  return [
    ...allProperties.filter(({ side }) => side === 'both' || side === client).map(p => p.name),
    ...Object.keys(aliases),
    ...Object.keys(javaProperties).filter(name => javaProperties[name]![client] !== undefined)
  ]
}

/** Values of either kind may be known only when the pipeline starts. */
export function isDeferred(value: string): boolean {
  return /\$\{[^}]+\}/.test(value)
}

/** What is wrong with a property's value, as "an integer from 1 to 5"; null where it is right. */
export function expectedValue({ values }: KafkaProperty, value: string): string | null {
  switch (values.kind) {
    case 'text':
      return null
    case 'flag':
      return /^(true|false)$/i.test(value) ? null : 'true or false'
    case 'choice':
      return values.choices.includes(value.toLowerCase()) || values.choices.includes(value)
        ? null
        : `one of ${values.choices.join(', ')}`
    default: {
      if (values.words?.includes(value.toLowerCase()) === true) return null
      const shape = values.kind === 'integer' ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/
      const fits = shape.test(value) && Number(value) >= values.min && Number(value) <= values.max
      const noun = values.kind === 'integer' ? 'an integer' : 'a number'
      return fits ? null : `${noun} from ${values.min} to ${values.max}`
    }
  }
}
