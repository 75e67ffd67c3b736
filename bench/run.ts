// npm run bench [-- case ...] [--json file] [--records n] [--rounds n] [--events n] [--broker] [--verify]: runs all cases or those
// named, prints each as a table and as one line of JSON, keeps it in results/, and draws the READMEs' figures of all that is there.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { cases } from './cases.ts'
import type { CaseResult } from './harness/case.ts'
import { currentLoad, describeRun } from './harness/describe-run.ts'
import { LoadedKafka } from './harness/loaded-kafka.ts'
import { formatFigures } from './harness/report.ts'
import { keepResult } from './publish/results.ts'
import { publish } from './publish/publish.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    records: { type: 'string', default: '4000000' },
    rounds: { type: 'string', default: '3' },
    events: { type: 'string', default: '10000000' },
    broker: { type: 'boolean', default: false },
    verify: { type: 'boolean', default: false }
  }
})
const { broker: onBroker, verify } = values
const [records, rounds, events] = [values.records, values.rounds, values.events].map(Number) as [
  number,
  number,
  number
]
const options = { records, rounds, events, broker: onBroker, verify }
const unknown = positionals.filter(name => !Object.hasOwn(cases, name))
if (unknown.length > 0) {
  console.error(`no case "${unknown.join('", "')}"; there are: ${Object.keys(cases).join(' ')}`)
  process.exit(2)
}

const loadBefore = currentLoad()
const results: CaseResult[] = []
const broker: { started: Promise<LoadedKafka> | null } = { started: null }
try {
  for (const [name, load] of Object.entries(cases)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const loadBefore = currentLoad()
    const { title, run } = await load()
    const figures = await run({ kafka: () => (broker.started ??= LoadedKafka.start()), options })
    const result = { name, title, figures }
    results.push(result)
    keepResult(describeRun([result], options, loadBefore))
    console.log(`\n${formatFigures(`${name}: ${title}`, figures)}`)
    console.log(JSON.stringify({ name, figures }))
  }
} finally {
  await (await broker.started)?.stop()
}
publish()

if (values.json !== undefined) {
  writeFileSync(values.json, JSON.stringify(describeRun(results, options, loadBefore), null, 2))
}
