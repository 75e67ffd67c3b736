import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CombinedGroups } from '../../../runtime/state/combined-groups.ts'

/** How many of some rows went alone; each `perCommit` of them are sent together. */
function combine(
  groups: CombinedGroups<object>,
  keys: Iterable<number>,
  perCommit: number
): number {
  let [alone, waiting] = [0, 0]
  for (const key of keys) {
    if (groups.goesAlone()) alone++
    else if (groups.find(null, key) === undefined) groups.add(key, {})
    if (++waiting % perCommit === 0 || groups.isFull) for (const _ of groups.take());
  }
  return alone
}

function* upTo(count: number, keys: number): Iterable<number> {
  for (let i = 0; i < count; i++) yield i % keys
}

for (const perCommit of [100, 3000, 1_000_000]) {
  test(`rows that have a group each go alone, and now and then it is tried again: ${perCommit} a commit`, () => {
    const groups = new CombinedGroups<object>()
    const alone = combine(groups, upTo(1_000_000, Infinity), perCommit)
    assert.ok(alone > 900_000 && alone < 980_000, String(alone))
    // They have groups in common from then on.
    combine(groups, upTo(200_000, 10), perCommit)
    assert.equal(combine(groups, upTo(300_000, 10), perCommit), 0)
  })
}

test('rows are put together where each group has two of them before a commit', () => {
  assert.equal(combine(new CombinedGroups<object>(), upTo(500_000, 1000), 2000), 0)
  assert.ok(combine(new CombinedGroups<object>(), upTo(500_000, 1000), 1900) > 0)
})
