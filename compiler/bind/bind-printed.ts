import type { Script } from '../ast/index.ts'
import { type BoundInsert, type BoundSink, UNDECLARED_SINK } from '../ir/index.ts'
import type { BindContext } from './context.ts'
import { bindQuery } from './queries/bind-query.ts'

/** Where printed rows go: a name that no topic of Kafka can have. */
const PRINTED = '(stdout)'

/** Each SELECT on its own: a sink that prints, and its query, which is added to `inserts`. */
export function bindPrinted(
  { statements }: Script,
  inserts: BoundInsert[],
  cx: BindContext
): BoundSink[] {
  const taken = new Set(cx.catalog.declarations.map(({ name }) => name))
  return statements.flatMap(statement => {
    if (statement.kind !== 'QueryStatement') return []
    const query = bindQuery(statement.query, [], cx)
    if (query === null) return []
    const name = freeName(taken)
    const { span } = statement
    inserts.push({ target: { kind: 'Sink', name }, query, span })
    return [{ ...printing, name, schema: query.schema, span }]
  })
}

const printing = {
  ...UNDECLARED_SINK,
  connector: 'stdout',
  brokers: 'localhost:9092',
  topic: PRINTED,
  batchSize: 10_000
} as const satisfies Partial<BoundSink>

/** `stdout`, `stdout_2` ...: what metrics and SHOW SINKS call it. */
function freeName(taken: Set<string>): string {
  let name = 'stdout'
  for (let count = 2; taken.has(name); count++) name = `stdout_${count}`
  taken.add(name)
  return name
}
