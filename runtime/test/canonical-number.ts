const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** One text for all spellings of a JSON number, exactly: 1.50, 15e-1 and 1.5 are one; 1 and 1.0 are too. */
export function canonicalNumber(text: string): string {
  const match = NUMBER.exec(text)
  if (match === null) return text
  const [, sign, whole, fraction = '', exponent = '0'] = match
  const digits = `${whole!}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  // The value is `significant` times ten to the power of `scale`.
  const scale = Number(exponent) - fraction.length + digits.length - significant.length
  if (scale >= 0 && significant.length + scale <= 40) return sign! + significant + '0'.repeat(scale)
  const point = significant.length + scale
  if (scale < 0 && point > 0) {
    return `${sign!}${significant.slice(0, point)}.${significant.slice(point)}`
  }
  if (scale < 0 && point > -7) return `${sign!}0.${'0'.repeat(-point)}${significant}`
  return `${sign!}${significant}e${scale}`
}
