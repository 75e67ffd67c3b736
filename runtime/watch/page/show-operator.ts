import type { RecordSample } from '../../observe/record-samples.ts'
import { showBytes, showCount, showEach, showPercent, showRate } from '../show-figures.ts'
import { byId, element, refill } from './dom.ts'
import { emptyPanel, isState } from './draw-graph.ts'
import {
  type Description,
  modelShare,
  operatorOf,
  operatorRate,
  type Watched,
  workAt
} from './watched.ts'

type Node = Description['nodes'][number]

/** Records of an operator that has several inputs. */
const SHOWN = 5

/** What is known of the operator that somebody has chosen. */
export function showOperator(
  watched: Watched,
  chosen: number | null,
  goTo: (line: number) => void
): void {
  const panel = byId('operator')
  const node = watched.what.nodes.find(({ id }) => id === chosen)
  if (node === undefined) return refill(panel, emptyPanel())
  const position = element(
    'button',
    { type: 'button', class: 'link' },
    `line ${node.line}:${node.column}`
  )
  position.addEventListener('click', () => goTo(node.line))
  refill(
    panel,
    element('h3', {}, `${node.kind} ${node.title}`),
    element('p', {}, position),
    ...rowsOf(node, watched),
    ...listOf('What it does', node.details),
    ...errorsOf(node, watched),
    ...listOf(
      'Columns',
      node.columns.map(({ name, type }) => `${name} ${type}`)
    ),
    ...samplesOf(node, watched)
  )
}

function rowsOf(node: Node, watched: Watched): HTMLElement[] {
  const rows = watched.now.operators.find(({ id }) => id === node.id)?.rows ?? null
  const rate = operatorRate(watched, node.id)
  const size = watched.now.states.find(({ name }) => isState(node, name))
  const flow =
    rows === null ? 'rows are not counted' : `${showRate(rate)} rows/s, ${showCount(rows)} in all`
  const kept =
    size === undefined
      ? []
      : [
          `keeps ${showCount(size.rows)} rows${size.bytes === null ? '' : `, ${showBytes(size.bytes)} in its changelog`}`
        ]
  return [flow, ...timeOf(node, watched), ...kept].map(text => element('p', {}, text))
}

function timeOf(node: Node, watched: Watched): string[] {
  const work = workAt(watched, node)
  const model = modelShare(watched, node)
  const each =
    work === null || work.share === 0 || work.each === null
      ? ''
      : `, ${showEach(work.each)} per row in`
  return [
    ...(work === null ? [] : [`${showPercent(work.share)} of a core${each}`]),
    ...(model === null ? [] : [`${showPercent(model)} of the time its model was asked`]),
    ...(node.work === null || node.work === node.id
      ? []
      : [`its time is in that of #${node.work}, which the same place of the SQL made`])
  ]
}

function errorsOf({ id }: Node, { now, what }: Watched): HTMLElement[] {
  const own = now.errors.filter(error => operatorOf(error, what) === id)
  return listOf(
    'Errors',
    own.map(({ code, count, message }) => `${code} × ${showCount(count)}: ${message}`)
  )
}

function listOf(title: string, items: readonly string[]): HTMLElement[] {
  if (items.length === 0) return []
  const list = items.map(item => element('li', {}, item))
  return [element('h4', {}, title), element('ul', {}, ...list)]
}

/** Records as they came in or went out, and rows as they left the operator. */
function samplesOf(node: Node, { samples, what }: Watched): HTMLElement[] {
  const title = element('h4', {}, 'Last records')
  if (samples === null) {
    const text = 'not taken: start the pipeline with --sample-records'
    return [title, element('p', { class: 'quiet' }, text)]
  }
  const found = sampledAt(node, samples, what)
  if (found === null) return [title, element('p', { class: 'quiet' }, 'none yet')]
  const shown = found.records.map(({ time, key, value }) => {
    const head = `${new Date(time).toISOString()}${key === null ? '' : `  key ${key}`}\n`
    return element('pre', {}, head + (value ?? 'NULL'))
  })
  return [title, element('p', { class: 'quiet' }, found.where), ...shown]
}

interface Found {
  readonly where: string
  readonly records: readonly RecordSample[]
}

function sampledAt(
  node: Node,
  samples: Readonly<Record<string, readonly RecordSample[]>>,
  what: Description
): Found | null {
  const at = (place: string, where: string): Found | null => {
    const records = samples[place] ?? []
    return records.length === 0 ? null : { where, records }
  }
  const { rows, key } = node
  if (rows.of === 'source') return at(`source ${rows.name}`, 'as they came in')
  if (node.kind === 'Sink' && rows.of === 'sink') {
    return at(`sink ${rows.name}`, `as they went out to ${rows.name}`)
  }
  if (key !== null) {
    const state = Object.keys(samples).find(
      place => place.startsWith('state ') && isState(node, place.slice('state '.length))
    )
    return (
      at(`operator ${key}`, 'as they left it') ??
      (state === undefined ? null : at(state, 'as the changelog has its rows'))
    )
  }
  // All rows that come in go out as they are.
  const inputs = what.nodes.filter(({ id }) => node.inputs.includes(id))
  const found = inputs.flatMap(input => sampledAt(input, samples, what) ?? [])
  if (found.length === 0) return null
  const records = found.flatMap(one => one.records).toSorted((a, b) => b.time - a.time)
  return { where: found[0]!.where, records: records.slice(0, SHOWN) }
}
