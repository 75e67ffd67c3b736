import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WireReader } from '../../../../runtime/connect/wire/wire-reader.ts'
import { WireWriter } from '../../../../runtime/connect/wire/wire-writer.ts'

// Each kind of number comes to stand where the buffer grows.
for (let pad = 240; pad <= 256; pad++) {
  test(`a request that grows behind ${pad} bytes holds what was written`, () => {
    const writer = new WireWriter().raw(Buffer.alloc(pad))
    for (let i = 0; i < 40; i++) {
      writer
        .int8(-i)
        .int16(-300 - i)
        .int32(-70_000 - i)
        .int64(2 ** 52 + i)
      writer
        .uvarint(200 + i)
        .uvarint(2_000_000_000 + i)
        .string('name')
        .compactString('naïve')
    }
    const bytes = Buffer.concat(writer.parts())
    const reader = new WireReader(bytes, pad, bytes.length)
    for (let i = 0; i < 40; i++) {
      assert.deepEqual(
        [reader.int8(), reader.int16(), reader.int32(), reader.int64()],
        [-i, -300 - i, -70_000 - i, 2 ** 52 + i].map(number => number + 0)
      )
      assert.deepEqual([reader.uvarint(), reader.uvarint()], [200 + i, 2_000_000_000 + i])
      assert.deepEqual([reader.string(), reader.compactString()], ['name', 'naïve'])
    }
    assert.equal(reader.pos, bytes.length)
  })
}
