import type { Property, Statement } from '../ast/index.ts'
import {
  type ClauseParameter,
  type Client,
  errorParameters,
  lateParameters,
  findProperty,
  type KafkaProperty,
  modelParameters,
  settingParameters,
  sinkParameters,
  sourceParameters
} from '../kafka/index.ts'

/** What a property of a statement sets; null: nothing that there is. */
export function findParameter(statement: Statement, property: Property): ClauseParameter | null {
  const client = clientOf(statement)
  if (client !== null && configOf(statement).includes(property)) {
    const found = findProperty(property.name, client)
    return found.kind === 'Found' ? describeProperty(property.name, found.property) : null
  }
  const wanted = property.name.toLowerCase()
  return parametersOf(statement, property).find(({ name }) => name === wanted) ?? null
}

export function findSetting(name: string): ClauseParameter | null {
  return settingParameters.find(setting => setting.name === name.toLowerCase()) ?? null
}

/** A property of CONFIG under the name that the script gives it. */
export function describeProperty(
  name: string,
  { values, name: own }: KafkaProperty
): ClauseParameter {
  const alias = name === own ? '' : ` librdkafka calls it ${own}.`
  switch (values.kind) {
    case 'flag':
      return { name, doc: `A property of Kafka's client.${alias}`, choices: ['true', 'false'] }
    case 'choice':
      return { name, doc: `A property of Kafka's client.${alias}`, choices: values.choices }
    case 'text':
      return { name, doc: `A property of Kafka's client: a text.${alias}` }
    default: {
      const noun = values.kind === 'integer' ? 'an integer' : 'a number'
      const range = `${noun} from ${values.min} to ${values.max}`
      return { name, doc: `A property of Kafka's client: ${range}.${alias}` }
    }
  }
}

function clientOf(statement: Statement): Client | null {
  if (statement.kind === 'CreateSource') return 'source'
  return statement.kind === 'CreateSink' ? 'sink' : null
}

function configOf(statement: Statement): readonly Property[] {
  return 'config' in statement ? statement.config : []
}

function parametersOf(statement: Statement, property: Property): readonly ClauseParameter[] {
  const inErrors = 'onError' in statement && statement.onError?.properties.includes(property)
  if (inErrors === true) return errorParameters
  const inLate = 'onLate' in statement && statement.onLate?.properties.includes(property)
  if (inLate === true) return lateParameters
  switch (statement.kind) {
    case 'CreateSource':
      return sourceParameters
    case 'CreateSink':
      return sinkParameters
    case 'CreateModel':
      return modelParameters
    case 'Alter':
      return statement.object === 'SOURCE' ? sourceParameters : sinkParameters
    default:
      return []
  }
}
