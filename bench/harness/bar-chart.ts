/** A program's bar. */
export interface ChartBar {
  readonly label: string
  readonly value: number
  readonly isOurs: boolean
}

export interface ChartPanel {
  readonly title: string
  readonly bars: readonly ChartBar[]
}

const WIDTH = 760
const MARGIN = 16
const LABEL_WIDTH = 150
const VALUE_WIDTH = 60
const BAR_HEIGHT = 18
const STEP = 24
const TITLE_HEIGHT = 34

/**
 * Horizontal bars, a panel below the other, each with its own scale, as an SVG that follows the reader's light or dark mode. It has its
 * own ground: the page around it may not follow.
 */
export function drawBars(title: string, panels: readonly ChartPanel[]): string {
  let y = MARGIN + 22
  const parts = panels.map(panel => {
    const drawn = drawPanel(panel, y)
    y += TITLE_HEIGHT + panel.bars.length * STEP + 8
    return drawn
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escape(title)}">
<style>
.ground { fill: #ffffff }
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.panel { font-weight: 600 }
.ours { fill: #1a7f5a }
.other { fill: #afb8c1 }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117 }
  text { fill: #d1d7de }
  .ours { fill: #3fb68b }
  .other { fill: #57606a }
}
</style>
<rect class="ground" width="${WIDTH}" height="${y}" rx="6"/>
<text class="title" x="${MARGIN}" y="${MARGIN + 12}">${escape(title)}</text>
${parts.join('\n')}
</svg>
`
}

function drawPanel({ title, bars }: ChartPanel, top: number): string {
  const left = MARGIN + LABEL_WIDTH
  const scale = (WIDTH - left - VALUE_WIDTH - MARGIN) / Math.max(...bars.map(({ value }) => value))
  const lines = bars.map(({ label, value, isOurs }, i) => {
    const y = top + TITLE_HEIGHT + i * STEP
    const length = Math.max(1, value * scale)
    const middle = y + BAR_HEIGHT - 5
    return `<text x="${left - 8}" y="${middle}" text-anchor="end">${escape(label)}</text>
<rect class="${isOurs ? 'ours' : 'other'}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>
<text x="${(left + length + 6).toFixed(1)}" y="${middle}">${value.toFixed(value < 10 ? 2 : 1)}</text>`
  })
  return [
    `<text class="panel" x="${MARGIN}" y="${top + 22}">${escape(title)}</text>`,
    ...lines
  ].join('\n')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
