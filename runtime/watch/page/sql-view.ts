import { showCount, showPercent, showRate } from '../show-figures.ts'
import { byId, element, setText } from './dom.ts'
import {
  type Description,
  lineOf,
  modelShare,
  operatorRate,
  type Watched,
  workAt
} from './watched.ts'

/** Less is not worth a figure. */
const LEAST = 0.0005

export interface SqlView {
  update(watched: Watched): void
  /** Shows a line, and marks it. */
  goTo(line: number): void
}

/** The script, with what its operators do beside each line. */
export function makeSqlView({ sql, nodes }: Description, choose: (id: number) => void): SqlView {
  const lines = sql
    .trimEnd()
    .split('\n')
    .map((text, i) => {
      const number = i + 1
      const own = nodes.filter(({ line }) => line === number)
      const costs = own.map(node => {
        const { id } = node
        const button = element('button', { type: 'button', class: 'link' })
        button.addEventListener('click', () => choose(id))
        return { node, button }
      })
      const errors = element('span', { class: 'bad-text' })
      const cost = element(
        'td',
        { class: 'cost' },
        ...costs.flatMap(({ button }, i) => (i === 0 ? [button] : [' · ', button])),
        ' ',
        errors
      )
      const row = element(
        'tr',
        { tabindex: -1 },
        element('td', { class: 'number' }, String(number)),
        cost,
        element('td', { class: 'line' }, text)
      )
      return { number, row, cost, costs, errors }
    })
  byId('sql').replaceChildren(element('tbody', {}, ...lines.map(({ row }) => row)))
  let marked: HTMLElement | null = null
  return {
    update(watched) {
      for (const { number, row, cost, costs, errors } of lines) {
        let share = 0
        for (const { node, button } of costs) {
          setText(button, costOf(node, watched))
          share += workAt(watched, node)?.share ?? 0
        }
        // A bar behind the figures: what takes the most is found at a glance.
        cost.style.setProperty('--share', `${Math.min(1, share)}`)
        const failing = watched.now.errors.filter(error => lineOf(error) === number)
        const recent = failing.some(({ time }) => watched.now.now - time < 60_000)
        const text = failing.map(({ code, count }) => `${code} × ${showCount(count)}`).join(', ')
        setText(errors, text)
        row.classList.toggle('bad', recent)
      }
    },
    goTo(line) {
      marked?.classList.remove('chosen')
      const found = lines.find(({ number }) => number === line)
      if (found === undefined) return
      marked = found.row
      marked.classList.add('chosen')
      marked.scrollIntoView({ block: 'center' })
      marked.focus({ preventScroll: true })
    }
  }
}

/** Rows, and parts of a core: of the operator itself, and of its models. */
function costOf(node: Description['nodes'][number], watched: Watched): string {
  const rate = operatorRate(watched, node.id)
  const work = workAt(watched, node)
  const model = modelShare(watched, node)
  const figures = [
    node.kind,
    rate === null ? '' : `${showRate(rate)}/s`,
    work === null || work.share < LEAST ? '' : showPercent(work.share),
    model === null || model < LEAST ? '' : `+ model ${showPercent(model)}`
  ]
  return figures.filter(figure => figure !== '').join(' ')
}
