/** Bytes before a value that has a schema of a registry: a zero and the schema's id, the highest byte first. */
export const FRAME_SIZE = 5

/** The id of the schema that a record's value begins with; -1: it begins with none. */
export function readSchemaId(bytes: Uint8Array, start: number, end: number): number {
  if (start < 0 || end - start < FRAME_SIZE || bytes[start] !== 0) return -1
  const high = (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!
  return high * 256 + bytes[start + 4]!
}
