import { failure } from '../sql/failure.ts'
import { outOfDomain } from './double-math.ts'

const RADIANS_PER_DEGREE = Math.PI / 180

function finite(value: number, site: number): number {
  if (value === Infinity || value === -Infinity) {
    throw outOfDomain(site, 'an infinite angle has no direction')
  }
  return value
}

function within(value: number, site: number): number {
  if (value < -1 || value > 1) throw outOfDomain(site, 'the argument is not between -1 and 1')
  return value
}

export function sin(value: number, site: number): number {
  return Math.sin(finite(value, site))
}
export function cos(value: number, site: number): number {
  return Math.cos(finite(value, site))
}
export function tan(value: number, site: number): number {
  return Math.tan(finite(value, site))
}
export function cot(value: number, site: number): number {
  return 1 / Math.tan(finite(value, site))
}
export function asin(value: number, site: number): number {
  return Math.asin(within(value, site))
}
export function acos(value: number, site: number): number {
  return Math.acos(within(value, site))
}
export function acosh(value: number, site: number): number {
  if (value < 1) throw outOfDomain(site, 'the argument is below 1')
  return Math.acosh(value)
}
export function atanh(value: number, site: number): number {
  return Math.atanh(within(value, site))
}

export function degrees(radians: number, site: number): number {
  const result = radians / RADIANS_PER_DEGREE
  if (Number.isFinite(radians) && !Number.isFinite(result)) {
    throw failure(site, 'out-of-range', 'the result is too large for DOUBLE')
  }
  return result
}
export function radians(degrees: number, site: number): number {
  const result = degrees * RADIANS_PER_DEGREE
  if (result === 0 && degrees !== 0) {
    throw failure(site, 'out-of-range', 'the result is too small for DOUBLE')
  }
  return result
}
