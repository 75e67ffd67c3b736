import type { Snapshot } from '../../observe/snapshot.ts'
import { showDuration } from '../show-figures.ts'
import { byId, element, refill, setText } from './dom.ts'
import { drawGraph, type Graph } from './draw-graph.ts'
import { findProblems, type Problem } from './find-problems.ts'
import { showFigures } from './show-figures-row.ts'
import { showOperator } from './show-operator.ts'
import { makeSqlView, type SqlView } from './sql-view.ts'
import { showTables } from './tables.ts'
import { showTimes } from './show-times.ts'
import { visible } from './visible.ts'
import type { Description, Watched } from './watched.ts'

/** Between two questions, in ms; the second comes sooner, so that there are rates. */
const INTERVAL = 2000
const FIRST_INTERVAL = 600
/** Rates are of the time since the snapshot that is so many questions back. */
const BACK = 3
/** With each question the work of operators is measured for so many seconds more: as long as somebody looks, and little longer. */
const MEASURED = 5
/** Who does not answer within this time, in ms, does not answer. */
const TIMEOUT = 5000
/** Narrower pages show the flow downwards, in px. */
const NARROW = '(max-width: 600px)'

/** The part of the page that stands once the pipeline has said what it is. */
interface View {
  readonly what: Description
  graph: Graph
  readonly sql: SqlView
}

let view: View | null = null
let snapshots: Snapshot[] = []
let samples: Watched['samples'] = null
let chosen: number | null = null
let isPaused = false
const narrow = matchMedia(NARROW)

/** Where the token is, as long as the browser's tab is open. */
const TOKEN = 'token'
const WANTS_TOKEN = 'token needed'

async function ask<T>(path: string): Promise<T> {
  const token = sessionStorage.getItem(TOKEN)
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(path, { headers, signal: AbortSignal.timeout(TIMEOUT) })
  if (response.status === 401) throw new Error(WANTS_TOKEN)
  if (!response.ok)
    throw new Error(response.status === 503 ? 'starting' : `answer ${response.status}`)
  return (await response.json()) as T
}

async function refresh(): Promise<void> {
  try {
    const now = await ask<Snapshot>(`/api/v1/pipeline/status?measure=${MEASURED}`)
    if (view === null || view.what.version !== now.version) await open()
    // Another process counts from nought.
    if (snapshots[0]?.started !== now.started) snapshots = []
    snapshots = [now, ...snapshots].slice(0, BACK + 1)
    samples = (await ask<{ samples: Watched['samples'] }>('/api/v1/pipeline/samples')).samples
    show()
  } catch (error) {
    if (error instanceof Error && error.message === WANTS_TOKEN) return askForToken()
    const isStarting = error instanceof Error && error.message === 'starting'
    setState(isStarting ? 'starting' : 'no answer', isStarting ? '' : 'bad')
    if (isStarting) return
    const since = snapshots[0]
    const text = since === undefined ? '' : `; what is shown is of ${timeOf(since)}`
    showProblems([
      {
        level: 'bad',
        what: 'No answer',
        text: `the pipeline does not answer here${text}`,
        line: null
      }
    ])
  }
}

/** From outside of its machine a pipeline answers those who have its token. */
function askForToken(): void {
  setState(WANTS_TOKEN, 'bad')
  const list = byId('problems')
  if (list.querySelector('form') !== null) return
  const input = element('input', { type: 'password', id: 'token', autocomplete: 'off' })
  const form = element(
    'form',
    {},
    element('label', { for: 'token' }, 'The token of the pipeline '),
    input,
    ' ',
    element('button', {}, 'Show')
  )
  form.addEventListener('submit', event => {
    event.preventDefault()
    sessionStorage.setItem(TOKEN, input.value)
    list.replaceChildren()
    void refresh()
  })
  list.replaceChildren(element('li', { class: 'warn' }, form))
  input.focus()
}

async function open(): Promise<void> {
  const what = await ask<Description>('/api/v1/pipeline')
  document.title = visible(`${what.pipeline}: miraclec pipeline`)
  setText(byId('name'), what.pipeline)
  view = { what, graph: draw(what), sql: makeSqlView(what, choose) }
}

function draw(what: Description): Graph {
  return drawGraph(byId('graph'), what, narrow.matches, choose)
}

function show(): void {
  const now = snapshots[0]
  if (view === null || now === undefined) return
  const watched: Watched = { what: view.what, now, before: snapshots.at(-1)!, samples }
  setState(now.isReady ? 'ready' : 'not ready', now.isReady ? 'good' : 'bad')
  const { what } = view
  const up = showDuration((now.now - now.started) / 1000)
  const facts = [
    what.script,
    `version ${what.version}`,
    what.delivery.replaceAll('_', ' '),
    `up ${up}`
  ]
  setText(byId('facts'), `${facts.join(' · ')} · ${timeOf(now)}`)
  showProblems(findProblems(watched))
  showFigures(watched)
  view.graph.update(watched, chosen)
  showTables(watched, goTo)
  showTimes(watched, goTo)
  view.sql.update(watched)
  showOperator(watched, chosen, goTo)
}

function timeOf({ now }: Snapshot): string {
  return new Date(now).toLocaleTimeString()
}

function setState(text: string, level: '' | 'good' | 'bad'): void {
  const state = byId('state')
  state.className = `pill ${level}`.trim()
  setText(state, text)
}

let told = ''

function showProblems(problems: readonly Problem[]): void {
  // Announced only where the list of them is another one, not with each new figure.
  const items =
    problems.length === 0
      ? [element('li', {}, 'None that the pipeline knows of.')]
      : problems.map(({ level, what, text, line }) => {
          const item = element('li', { class: level }, element('b', {}, what), `${text} `)
          if (line === null) return item
          const button = element('button', { type: 'button', class: 'link' }, `line ${line}`)
          button.addEventListener('click', () => goTo(line))
          item.append(button)
          return item
        })
  const list = byId('problems')
  const kinds = problems.map(({ what, line }) => `${what} ${line}`).join('\n')
  list.setAttribute('aria-live', kinds === told ? 'off' : 'polite')
  told = kinds
  refill(list, ...items)
}

function choose(id: number): void {
  chosen = id === chosen ? null : id
  show()
}

function goTo(line: number): void {
  view?.sql.goTo(line)
}

byId('pause').addEventListener('click', () => {
  isPaused = !isPaused
  const button = byId('pause')
  button.setAttribute('aria-pressed', String(isPaused))
  setText(button, isPaused ? 'Go on' : 'Pause')
})
narrow.addEventListener('change', () => {
  if (view === null) return
  view.graph = draw(view.what)
  show()
})

async function watch(): Promise<never> {
  for (;;) {
    // A page that nobody sees asks nothing.
    if (!isPaused && !document.hidden) await refresh()
    const wait = snapshots.length === 1 ? FIRST_INTERVAL : INTERVAL
    await new Promise(resolve => setTimeout(resolve, wait))
  }
}

void watch()
