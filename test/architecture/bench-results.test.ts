import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { cases } from '../../bench/cases.ts'
import { highlights, panels } from '../../bench/publish/highlights.ts'
import { published } from '../../bench/publish/publish.ts'
import { keptResults } from '../../bench/publish/results.ts'

const ROOT = join(import.meta.dirname, '../..')

describe('figures of the bench', () => {
  const results = keptResults()

  for (const [path, text] of published(results)) {
    test(`${path} is drawn from the results that are kept: node bench/publish/publish.ts`, () => {
      assert.equal(readFileSync(join(ROOT, path), 'utf8'), text)
    })
  }

  test('each result is of a case that there is', () => {
    assert.deepEqual(
      [...results.keys()].filter(name => !Object.hasOwn(cases, name)),
      []
    )
  })

  test('each line of the table is of figures that its case has', () => {
    for (const { what, figures } of highlights) {
      const named = figures.filter(name => results.has(name.case))
      const found = named.filter(name =>
        results.get(name.case)!.case.figures.some(figure => figure.name === name.figure)
      )
      assert.ok(named.length === 0 || found.length > 0, `${what}: ${JSON.stringify(named)}`)
    }
  })

  test('each panel of the chart has our bar and that of another program', () => {
    for (const { case: name, column, title } of panels) {
      const figures = results.get(name)?.case.figures
      const bars = figures?.filter(figure => figure.name.endsWith(`: ${column}`))
      assert.ok(bars === undefined || bars.length >= 2, title)
    }
  })

  test('no bar of the chart is a ratio', () => {
    assert.doesNotMatch(published(results).get('bench/results/chart.svg')!, /> ?\w+ \/ \w/)
  })

  test('whether a bar is met follows from figure and bar', () => {
    for (const { case: kept } of results.values()) {
      for (const { name, value, bar, better, isMet } of kept.figures) {
        const isReached = bar === null ? null : better === 'more' ? value >= bar : value <= bar
        assert.equal(isMet, isReached, `${kept.name}: ${name}`)
      }
    }
  })
})
