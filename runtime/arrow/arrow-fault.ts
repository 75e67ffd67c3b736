/** Why a value, or a whole record, is not used: see RecordError. */
export class ArrowFault extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A column whose type is none that the declared one is read from: no row of the record can be used. */
export class WrongType extends ArrowFault {
  constructor(found: string) {
    super('wrong-type', `the Arrow type ${found} does not fit`)
  }
}

export function outOfRange(): ArrowFault {
  return new ArrowFault('out-of-range', 'the value is out of range')
}
