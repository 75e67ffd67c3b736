// npm run bench [-- case ...] [--json file] [--events n] [--broker] [--verify]: runs all cases or those named, prints each as a table and as one line of JSON.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { cases } from './cases.ts'
import type { BenchRun, CaseResult } from './harness/case.ts'
import { LoadedKafka } from './harness/loaded-kafka.ts'
import { formatFigures } from './harness/report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    events: { type: 'string', default: '10000000' },
    broker: { type: 'boolean', default: false },
    verify: { type: 'boolean', default: false }
  }
})
const { broker: onBroker, events, verify } = values
const options = { events: Number(events), broker: onBroker, verify }
const unknown = positionals.filter(name => !Object.hasOwn(cases, name))
if (unknown.length > 0) {
  console.error(`no case "${unknown.join('", "')}"; there are: ${Object.keys(cases).join(' ')}`)
  process.exit(2)
}

const results: CaseResult[] = []
const broker: { started: Promise<LoadedKafka> | null } = { started: null }
try {
  for (const [name, load] of Object.entries(cases)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const { title, run } = await load()
    const figures = await run({ kafka: () => (broker.started ??= LoadedKafka.start()), options })
    results.push({ name, figures })
    console.log(`\n${formatFigures(`${name}: ${title}`, figures)}`)
    console.log(JSON.stringify({ name, figures }))
  }
} finally {
  await (await broker.started)?.stop()
}

if (values.json !== undefined) {
  const processors = cpus()
  const run: BenchRun = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    cases: results
  }
  writeFileSync(values.json, `${JSON.stringify(run, null, 2)}\n`)
}
