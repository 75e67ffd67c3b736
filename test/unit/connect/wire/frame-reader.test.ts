import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, FrameReader } from '../../../../runtime/connect/wire/frame-reader.ts'
import { makeRandom } from '../../codec/random.ts'

/** Hands the bytes over as a socket does: as many as are there, and as there is room for. */
function feed(reader: FrameReader, bytes: Uint8Array, sizeOf: () => number): void {
  for (let pos = 0; pos < bytes.length;) {
    const place = reader.buffer()
    const part = bytes.subarray(pos, pos + Math.min(sizeOf(), place.length))
    place.set(part)
    reader.read(part.length, place)
    pos += part.length
  }
}

test('answers are cut out of what comes, in pieces of any size', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = makeRandom(seed)
    const bodies = Array.from({ length: 1 + random(12) }, () => {
      const length = 4 + random(random(4) === 0 ? 300_000 : 300)
      return Buffer.from(Array.from({ length }, () => random(256)))
    })
    const stream = Buffer.concat(
      bodies.flatMap(body => {
        const length = Buffer.alloc(4)
        length.writeInt32BE(body.length)
        return [length, body]
      })
    )
    const found: Buffer[] = []
    const reader = new FrameReader(({ bytes, start, end }) =>
      found.push(Buffer.from(bytes.subarray(start, end)))
    )
    const most = [1, 3, 100, 70_000, 1_000_000][random(5)]!
    feed(reader, stream, () => 1 + random(most))
    assert.deepEqual(found, bodies, `seed ${seed}`)
  }
})

test('a long answer comes to its place without a detour', () => {
  const answers: Answer[] = []
  const reader = new FrameReader(answer => answers.push(answer))
  const head = Buffer.alloc(8)
  head.writeInt32BE(1_000_004)
  feed(reader, head, () => head.length)
  const place = reader.buffer()
  assert.equal(place.length, 1_000_000)
  place.fill(7)
  reader.read(place.length, place)
  assert.equal(answers[0]!.end - answers[0]!.start, 1_000_004)
  assert.ok(answers[0]!.bytes.subarray(answers[0]!.start + 4, answers[0]!.end).every(b => b === 7))
  answers[0]!.release()
})

test('what is no answer of Kafka’s is refused before room is made for it', () => {
  for (const text of [
    'HTTP/1.1 400 Bad Request\r\n',
    '\x15\x03\x03\x00\x02\x02\x28',
    '\x00\x00\x00\x01a'
  ]) {
    const reader = new FrameReader(() => assert.fail('an answer'))
    const bytes = Buffer.from(text, 'latin1')
    assert.throws(() => feed(reader, bytes, () => bytes.length), /no Kafka broker/)
  }
})
