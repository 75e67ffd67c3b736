import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stateTopic } from '../../../runtime/connect/state-topic.ts'

const orders = { name: 'orders', tables: [], stages: [] }

test('names that a topic can have stay as they are', () => {
  assert.equal(stateTopic(orders, ''), 'orders-state')
  assert.equal(stateTopic(orders, 'by_day.v2-groups'), 'orders-by_day.v2-groups-state')
})

test('others become one that no other table has', () => {
  const names = [
    'my table',
    'my_table',
    'my"table',
    'Bestellungen für',
    'x'.repeat(300),
    'x'.repeat(301)
  ]
  const topics = names.map(name => stateTopic(orders, name))
  assert.equal(new Set(topics).size, names.length)
  for (const topic of topics) assert.match(topic, /^[\w.-]{1,249}$/)
})
