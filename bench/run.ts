// npm run bench [-- case ...] [--json file] [--records n] [--rounds n] [--events n] [--broker] [--verify]: runs all cases or those
// named, prints each as a table and as one line of JSON, and keeps it in results/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cases } from './cases.ts'
import type { BenchRun, CaseResult } from './harness/case.ts'
import { LoadedKafka } from './harness/loaded-kafka.ts'
import { formatFigures } from './harness/report.ts'

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

const results: CaseResult[] = []
const broker: { started: Promise<LoadedKafka> | null } = { started: null }
try {
  for (const [name, load] of Object.entries(cases)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const { title, run, draw } = await load()
    const figures = await run({ kafka: () => (broker.started ??= LoadedKafka.start()), options })
    results.push({ name, figures })
    keep(name, describeRun([{ name, figures }]), draw?.(figures))
    console.log(`\n${formatFigures(`${name}: ${title}`, figures)}`)
    console.log(JSON.stringify({ name, figures }))
  }
} finally {
  await (await broker.started)?.stop()
}

if (values.json !== undefined) writeFileSync(values.json, describeRun(results))

function describeRun(measured: readonly CaseResult[]): string {
  const processors = cpus()
  const run: BenchRun = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    cases: measured
  }
  return `${JSON.stringify(run, null, 2)}\n`
}

/** What the READMEs quote and show. */
function keep(name: string, run: string, chart: string | undefined): void {
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), run)
  if (chart !== undefined) writeFileSync(join(folder, `${name}.svg`), chart)
}
