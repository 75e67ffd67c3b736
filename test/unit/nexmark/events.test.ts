import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { watermarkAt } from '../../../bench/data/nexmark/event-order.ts'
import {
  type Auction,
  type Bid,
  defaultNexmark,
  type NexmarkConfig,
  type NexmarkEvent,
  nexmarkEvents,
  type Person
} from '../../../bench/data/nexmark/index.ts'

const EVENTS = 100_000
const events = [...nexmarkEvents(defaultNexmark, EVENTS)]
const persons = events.flatMap(event => (event.event_type === 0 ? [event.person] : []))
const auctions = events.flatMap(event => (event.event_type === 1 ? [event.auction] : []))
const bids = events.flatMap(event => (event.event_type === 2 ? [event.bid] : []))

function assertShare(rows: readonly unknown[], all: readonly unknown[], share: number): void {
  const found = rows.length / all.length
  assert.ok(Math.abs(found - share) < 0.02, `${found} in place of ${share}`)
}

function timeOf(event: NexmarkEvent): number {
  const row = payload(event)
  return Date.parse(row.dateTime)
}

function payload(event: NexmarkEvent): Person | Auction | Bid {
  switch (event.event_type) {
    case 0:
      return event.person
    case 1:
      return event.auction
    case 2:
      return event.bid
  }
}

/** How many people or auctions there are when event `n` has come. */
function peopleAt(n: number): number {
  return Math.floor(n / 50) + 1
}
function auctionsAt(n: number): number {
  return Math.floor(n / 50) * 3 + Math.min(n % 50, 3)
}

test('of 50 events the first is a person, three are auctions, the others bids', () => {
  const kinds = (from: number): string =>
    events
      .slice(from, from + 50)
      .map(event => event.event_type)
      .join('')
  for (let from = 0; from < EVENTS; from += 50) assert.equal(kinds(from), `0111${'2'.repeat(46)}`)
})

test('ids count from 1000', () => {
  const ids = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id)
  assert.deepEqual(
    ids(persons),
    persons.map((_, i) => 1000 + i)
  )
  assert.deepEqual(
    ids(auctions),
    auctions.map((_, i) => 1000 + i)
  )
})

test('time goes by the rate, from the base time on', () => {
  const config = { ...defaultNexmark, rate: 3000, baseTime: 1000 }
  const times = [...nexmarkEvents(config, 7)].map(timeOf)
  assert.deepEqual(times, [1000, 1000, 1000, 1001, 1001, 1001, 1002])
})

test('the same seed gives the same events on every machine, another seed others', () => {
  const hash = (config: NexmarkConfig): string => {
    const sha = createHash('sha256')
    for (const event of nexmarkEvents(config, 10_000)) sha.update(`${JSON.stringify(event)}\n`)
    return sha.digest('hex')
  }
  const pinned = 'b11aae14d857c28cf379bffc7e84a9da782bea54802970a1db59713176f41698'
  assert.equal(hash(defaultNexmark), pinned)
  assert.notEqual(hash({ ...defaultNexmark, seed: 1 }), pinned)
})

test('any part of a stream is what it is in the whole, and none is made before it is asked for', () => {
  assert.deepEqual([...nexmarkEvents(defaultNexmark, 70, 4321)], events.slice(4321, 4391))
  assert.deepEqual(nexmarkEvents(defaultNexmark, 1e12).next().value, events[0])
})

test('an out-of-order group holds its events, each once, and the watermark is behind all that come', () => {
  const config = { ...defaultNexmark, outOfOrderGroup: 700 }
  const mixed = [...nexmarkEvents(config, 7000)]
  const byTime = (a: NexmarkEvent, b: NexmarkEvent): number => timeOf(a) - timeOf(b)
  const texts = (rows: readonly NexmarkEvent[]): string[] =>
    rows.map(row => JSON.stringify(row)).sort()
  for (let from = 0; from < mixed.length; from += 700) {
    const group = mixed.slice(from, from + 700)
    assert.notDeepEqual(group, group.toSorted(byTime))
    assert.deepEqual(texts(group), texts(events.slice(from, from + 700)))
  }
  let oldestToCome = Infinity
  for (let place = mixed.length - 1; place >= 0; place--) {
    oldestToCome = Math.min(oldestToCome, timeOf(mixed[place]!))
    assert.ok(watermarkAt(place, config) <= oldestToCome)
  }
})

test('three of four auctions are the hot seller’s, the others of people who are there or come soon', () => {
  const hot: Auction[] = []
  events.forEach((event, n) => {
    if (event.event_type !== 1) return
    const { seller } = event.auction
    const people = peopleAt(n)
    assert.ok(seller >= 1000 + Math.max(people - 1000, 0) && seller < 1000 + people + 10)
    if (seller === 1000 + Math.floor((people - 1) / 100) * 100) hot.push(event.auction)
  })
  assertShare(hot, auctions, 3 / 4)
})

test('half of the bids are for the hot auction, three of four by the hot bidder', () => {
  const hotAuction: Bid[] = []
  const hotBidder: Bid[] = []
  events.forEach((event, n) => {
    if (event.event_type !== 2) return
    const { auction, bidder } = event.bid
    const last = auctionsAt(n) - 1
    const isHot = auction === 1000 + Math.floor(last / 100) * 100
    assert.ok(isHot || (auction >= 1000 + Math.max(last - 100, 0) && auction <= 1000 + last + 10))
    if (isHot) hotAuction.push(event.bid)
    const people = peopleAt(n)
    assert.ok(bidder >= 1000 + Math.max(people - 1000, 0) && bidder < 1000 + people + 10)
    if (bidder === 1001 + Math.floor((people - 1) / 100) * 100) hotBidder.push(event.bid)
  })
  assertShare(hotAuction, bids, 1 / 2)
  assertShare(hotBidder, bids, 3 / 4)
})

test('prices go from 1 to 1,000,000, each order of magnitude alike', () => {
  for (let digits = 3; digits <= 8; digits++) {
    const some = bids.filter(({ price }) => price >= 10 ** (digits - 1) && price < 10 ** digits)
    assertShare(some, bids, 1 / 6)
  }
  assert.ok(bids.every(({ price }) => Number.isInteger(price) && price >= 100 && price <= 1e8))
})

test('half of the bids come through four channels, each channel has one address', () => {
  assertShare(
    bids.filter(({ channel }) => ['Google', 'Facebook', 'Baidu', 'Apple'].includes(channel)),
    bids,
    1 / 2
  )
  const urls = new Map<string, string>()
  for (const { channel, url } of bids) {
    assert.equal(urls.get(channel) ?? url, url)
    urls.set(channel, url)
  }
  const cold = [...urls].filter(([channel]) => channel.startsWith('channel-'))
  const named = cold.filter(([channel, url]) => {
    const bits = Number(channel.slice('channel-'.length)).toString(2).padStart(32, '0')
    const reversed = Math.abs(parseInt([...bits].reverse().join(''), 2) | 0)
    return url.endsWith(`item.htm?query=1&channel_id=${reversed}`)
  })
  assertShare(named, cold, 9 / 10)
  const plain = [...urls.values()].filter(url => !url.includes('&'))
  assert.ok(
    plain.every(url =>
      /^https:\/\/www\.nexmark\.com(\/[a-z_]{3,4}){3}\/item\.htm\?query=1$/.test(url)
    )
  )
})

test('an auction is open for 100 more auctions, on average, and its reserve is above the first bid', () => {
  const horizon = 1666 / 10
  const open = auctions.map(({ dateTime, expires }) => Date.parse(expires) - Date.parse(dateTime))
  assert.ok(open.every(ms => ms >= 1 && ms <= 2 * horizon + 2))
  assert.ok(Math.abs(open.reduce((sum, ms) => sum + ms, 0) / open.length - horizon) < horizon / 20)
  assert.ok(auctions.every(({ initialBid, reserve }) => reserve >= initialBid + 100))
  for (const category of [10, 11, 12, 13, 14]) {
    assertShare(
      auctions.filter(auction => auction.category === category),
      auctions,
      1 / 5
    )
  }
})

test('texts have the lengths of Nexmark, and extra fills a record up to its size', () => {
  assert.ok(auctions.every(({ itemName }) => itemName.length < 20))
  assert.ok(auctions.every(({ description }) => description.length < 100))
  assert.ok(bids.every(({ extra }) => extra.length >= 54 && extra.length < 82))
  assert.ok(
    persons.every(({ emailAddress }) => /^[a-z ]{1,6}@[a-z ]{1,4}\.com$/.test(emailAddress))
  )
  assert.ok(persons.every(({ creditCard }) => /^\d{4} \d{4} \d{4} \d{4}$/.test(creditCard)))
  const average = (rows: readonly { readonly extra: string }[]): number =>
    rows.reduce((sum, { extra }) => sum + extra.length, 0) / rows.length
  assert.ok(Math.abs(average(persons) - 137) < 5, String(average(persons)))
  assert.ok(Math.abs(average(auctions) - 390) < 10, String(average(auctions)))
  assert.ok(Math.abs(average(bids) - 67.5) < 1, String(average(bids)))
})
