/** More is faster by a native copy, though it needs an object for where it begins. */
const MOST = 256
/** Two words of 32 bits, which no tier of V8 puts into objects; those of 64 bits are objects until its last one. */
const STEP = 8

let known: Uint8Array = new Uint8Array()
let knownView = viewBytes(known)

/**
 * Copies `[start, end)` of one array to position `at` of another, in steps of eight bytes: neither a call nor an object for the
 * length of usual values. `toView`: of `to`. Who copies from two arrays in turn pays for a view each time.
 */
export function copyBytes(
  from: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toView: DataView,
  at: number
): void {
  const length = end - start
  if (length > MOST) to.set(from.subarray(start, end), at)
  else if (length < STEP) for (let i = 0; i < length; i++) to[at + i] = from[start + i]!
  else {
    const view = from === known ? knownView : viewOf(from)
    const last = length - STEP
    for (let i = 0; i < last; i += STEP) {
      toView.setInt32(at + i, view.getInt32(start + i, true), true)
      toView.setInt32(at + i + 4, view.getInt32(start + i + 4, true), true)
    }
    // The last step overlaps the one before it.
    toView.setInt32(at + last, view.getInt32(end - 8, true), true)
    toView.setInt32(at + last + 4, view.getInt32(end - 4, true), true)
  }
}

function viewOf(bytes: Uint8Array): DataView {
  known = bytes
  knownView = viewBytes(bytes)
  return knownView
}

export function viewBytes({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
