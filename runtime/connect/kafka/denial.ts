/** What a client does, for which it may lack a permission. */
export interface Needs {
  readonly operation: 'Read' | 'Write'
  readonly topic?: string
  readonly group?: string
  readonly transactionalId?: string
}

export interface Denial {
  readonly message: string
  /** The command that gives the permission. */
  readonly hint: string
}

interface Lack {
  readonly operation: string
  readonly resource: string
  readonly flag: string
}

/** By what brokers say, which names neither: https://kafka.apache.org/documentation/#operations_resources_and_protocols */
const lacks: readonly (readonly [RegExp, (needs: Needs) => Lack | null])[] = [
  [
    /\btopic authorization failed/i,
    ({ operation, topic }) =>
      topic === undefined ? null : { operation, ...named('topic', '--topic', topic) }
  ],
  [
    /\bgroup authorization failed/i,
    ({ group }) =>
      group === undefined ? null : { operation: 'Read', ...named('group', '--group', group) }
  ],
  [
    /\btransactional id authorization failed/i,
    ({ transactionalId: id }) =>
      id === undefined
        ? null
        : { operation: 'Write', ...named('transactional id', '--transactional-id', id) }
  ],
  [
    /\bcluster authorization failed/i,
    () => ({ operation: 'IdempotentWrite', resource: 'the cluster', flag: '--cluster' })
  ]
]

/** What the brokers do not allow, of a text of the client's that says that they do not; null: it says something else. */
export function explainDenial(text: string, needs: Needs): Denial | null {
  for (const [pattern, lackOf] of lacks) {
    const lack = pattern.test(text) ? lackOf(needs) : null
    if (lack === null) continue
    const { operation, resource, flag } = lack
    return {
      message: `the user lacks the permission ${operation} on ${resource}`,
      hint: `Who administers Kafka gives it: kafka-acls.sh --bootstrap-server <broker> --add --allow-principal User:<name> --operation ${operation} ${flag}`
    }
  }
  return null
}

function named(what: string, flag: string, name: string): Omit<Lack, 'operation'> {
  const word = /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`
  return { resource: `${what} "${name}"`, flag: `${flag} ${word}` }
}
