/** The wire format of protobuf, as far as an ONNX file needs it: https://protobuf.dev/programming-guides/encoding/ */
export type Field = readonly number[]

const VARINT = 0
const BYTES = 2

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

export function intField(number: number, value: number): Field {
  return [...varint(number * 8 + VARINT), ...varint(value)]
}

export function bytesField(number: number, value: Iterable<number>): Field {
  const bytes = [...value]
  return [...varint(number * 8 + BYTES), ...varint(bytes.length), ...bytes]
}

export function stringField(number: number, value: string): Field {
  return bytesField(number, new TextEncoder().encode(value))
}

/** A nested message. */
export function messageField(number: number, ...fields: readonly Field[]): Field {
  return bytesField(number, fields.flat())
}
