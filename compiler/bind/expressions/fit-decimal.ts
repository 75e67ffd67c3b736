const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i
/** More zeros than any DECIMAL has digits: the number does not fit, or is 0. */
const FAR = 100

/** A number's text with `scale` digits after the point, rounded half away from zero; undefined where it has too many. */
export function fitDecimal(text: string, precision: number, scale: number): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  const digits = BigInt(whole + fraction)
  const shift = Number(exponent) - fraction.length + scale
  if (digits !== 0n && shift > FAR) return undefined
  const unscaled = digits === 0n ? 0n : shiftDigits(digits, shift)
  if (unscaled >= 10n ** BigInt(precision)) return undefined
  const padded = String(unscaled).padStart(scale + 1, '0')
  const point = padded.length - scale
  const shown = scale === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`
  return sign === '-' && unscaled !== 0n ? `-${shown}` : shown
}

function shiftDigits(digits: bigint, shift: number): bigint {
  if (shift >= 0) return digits * 10n ** BigInt(shift)
  if (-shift > String(digits).length) return 0n
  const unit = 10n ** BigInt(-shift)
  return (digits + unit / 2n) / unit
}
