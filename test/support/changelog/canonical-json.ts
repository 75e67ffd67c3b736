import type { Json } from '../../oracle/index.ts'

/** A value in the one spelling that all spellings of it have in common; members in their order. */
export function canonicalJson(json: Json): string {
  switch (json.kind) {
    case 'Null':
    case 'True':
    case 'False':
      return json.text
    case 'Number':
      return canonicalNumber(json.text)
    case 'String':
      return JSON.stringify(json.value)
    case 'Array':
      return `[${json.items.map(canonicalJson).join(',')}]`
    case 'Object': {
      const members = [...json.members].map(
        ([name, value]) => `${JSON.stringify(name)}:${canonicalJson(value)}`
      )
      return `{${members.join(',')}}`
    }
  }
}

/** By value, however many digits: 1.50, 15e-1 and 1.5 are one. */
function canonicalNumber(text: string): string {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return `${sign}${significant}e${power}`
}
