import { js } from '../code/index.ts'
import { DOUBLE } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import {
  defineFunction,
  signature,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'

/** A function of one DOUBLE: of JavaScript's own, or of the runtime where some arguments have no answer. */
function angle(
  name: string,
  emit: Signature['emit'],
  canFail: boolean,
  doc: string,
  example: string
) {
  return defineFunction({
    name,
    kind: 'function',
    signatures: [signature([DOUBLE], DOUBLE, emit, { canFail })],
    cost: 8,
    doc,
    example
  })
}

function checked(name: RuntimeName & string, doc: string, example: string): FunctionEntry {
  return angle(name, callsAtSite(name), true, doc, example)
}

export const trigonometricFunctions: readonly FunctionEntry[] = [
  checked('sin', 'The sine of an angle in radians.', 'sin(0) = 0'),
  checked('cos', 'The cosine of an angle in radians.', 'cos(0) = 1'),
  checked('tan', 'The tangent of an angle in radians.', 'tan(0) = 0'),
  checked('cot', 'The cotangent of an angle in radians.', 'round(cot(1), 4) = 0.6421'),
  checked('asin', 'The angle in radians with a sine.', 'asin(0) = 0'),
  checked('acos', 'The angle in radians with a cosine.', 'acos(1) = 0'),
  angle(
    'atan',
    ([x]) => js`Math.atan(${x!})`,
    false,
    'The angle in radians with a tangent.',
    'atan(0) = 0'
  ),
  defineFunction({
    name: 'atan2',
    kind: 'function',
    signatures: [signature([DOUBLE, DOUBLE], DOUBLE, ([y, x]) => js`Math.atan2(${y!}, ${x!})`)],
    cost: 8,
    doc: 'The angle in radians of the point (second, first argument), seen from the origin.',
    example: 'atan2(0, 1) = 0'
  }),
  angle('sinh', ([x]) => js`Math.sinh(${x!})`, false, 'The hyperbolic sine.', 'sinh(0) = 0'),
  angle('cosh', ([x]) => js`Math.cosh(${x!})`, false, 'The hyperbolic cosine.', 'cosh(0) = 1'),
  angle('tanh', ([x]) => js`Math.tanh(${x!})`, false, 'The hyperbolic tangent.', 'tanh(0) = 0'),
  angle(
    'coth',
    ([x]) => js`1 / Math.tanh(${x!})`,
    false,
    'The hyperbolic cotangent.',
    'round(coth(1), 4) = 1.3130'
  ),
  angle('asinh', ([x]) => js`Math.asinh(${x!})`, false, 'The inverse of sinh.', 'asinh(0) = 0'),
  checked('acosh', 'The inverse of cosh.', 'acosh(1) = 0'),
  checked('atanh', 'The inverse of tanh.', 'atanh(0) = 0'),
  checked('sind', 'The sine of an angle in degrees, exact at multiples of 30.', 'sind(30) = 0.5'),
  checked('cosd', 'The cosine of an angle in degrees, exact at multiples of 30.', 'cosd(60) = 0.5'),
  checked('tand', 'The tangent of an angle in degrees.', 'tand(45) = 1'),
  checked('cotd', 'The cotangent of an angle in degrees.', 'cotd(45) = 1'),
  checked('asind', 'The angle in degrees with a sine.', 'asind(0.5) = 30'),
  checked('acosd', 'The angle in degrees with a cosine.', 'acosd(0.5) = 60'),
  angle('atand', calls('atand'), false, 'The angle in degrees with a tangent.', 'atand(1) = 45'),
  defineFunction({
    name: 'atan2d',
    kind: 'function',
    signatures: [signature([DOUBLE, DOUBLE], DOUBLE, calls('atan2d'))],
    cost: 8,
    doc: 'The angle in degrees of the point (second, first argument), seen from the origin.',
    example: 'atan2d(1, 1) = 45'
  }),
  checked('degrees', 'Radians as degrees.', 'round(degrees(0.5), 4) = 28.6479'),
  checked('radians', 'Degrees as radians.', 'round(radians(45), 4) = 0.7854'),
  defineFunction({
    name: 'pi',
    kind: 'function',
    signatures: [signature([], DOUBLE, () => js`Math.PI`)],
    doc: 'The number pi.',
    example: 'round(pi(), 4) = 3.1416'
  })
]
