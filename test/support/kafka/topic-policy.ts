import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** As brokers name it in `create.topic.policy.class.name`. */
export const TOPIC_POLICY = 'TopicPolicy'
const INTERFACE = 'org/apache/kafka/server/policy/CreateTopicPolicy'
const EXCEPTION = 'org/apache/kafka/common/errors/PolicyViolationException'
/** Of Java 5, which asks for no table of stack frames. */
const VERSION = 49
const PUBLIC = 1

/**
 * Writes a class of Java to `folder`: a policy of brokers that refuses topics with `part` in their name, and says `reason`. By hand
 * (Java Virtual Machine Specification, chapter 4), since who has a JRE only has no compiler.
 */
export function writeTopicPolicy(folder: string, part: string, reason: string): void {
  const pool = new ConstantPool()
  const constructor = pool.method('java/lang/Object', '<init>', '()V')
  const refuse = [
    ...[0xbb, ...pool.type(EXCEPTION), 0x59, 0x13, ...pool.string(reason)],
    ...[0xb7, ...pool.method(EXCEPTION, '<init>', '(Ljava/lang/String;)V'), 0xbf]
  ]
  const validate = [
    ...[
      0x2b,
      0xb6,
      ...pool.method(`${INTERFACE}$RequestMetadata`, 'topic', '()Ljava/lang/String;')
    ],
    ...[0x13, ...pool.string(part)],
    ...[0xb6, ...pool.method('java/lang/String', 'contains', '(Ljava/lang/CharSequence;)Z')],
    ...[0x99, ...u2(refuse.length + 3), ...refuse, 0xb1]
  ]
  const methods = [
    pool.define('<init>', '()V', [0x2a, 0xb7, ...constructor, 0xb1]),
    pool.define('configure', '(Ljava/util/Map;)V', [0xb1]),
    pool.define('validate', `(L${INTERFACE}$RequestMetadata;)V`, validate),
    pool.define('close', '()V', [0xb1])
  ]
  const head = [
    ...[...u2(PUBLIC), ...pool.type(TOPIC_POLICY), ...pool.type('java/lang/Object')],
    ...[...u2(1), ...pool.type(INTERFACE), ...u2(0), ...u2(methods.length)]
  ]
  const file = [
    ...[0xca, 0xfe, 0xba, 0xbe, ...u2(0), ...u2(VERSION), ...pool.bytes()],
    ...[...head, ...methods.flat(), ...u2(0)]
  ]
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${TOPIC_POLICY}.class`), Buffer.from(file))
}

/** Each of its constants once; all of its methods answer bytes of the class. */
class ConstantPool {
  readonly #places = new Map<string, number>()
  readonly #constants: number[][] = []

  #place(tag: number, body: readonly number[]): number[] {
    const constant = [tag, ...body]
    const key = constant.join()
    const place = this.#places.get(key) ?? this.#constants.push(constant)
    this.#places.set(key, place)
    return u2(place)
  }

  #text(text: string): number[] {
    const bytes = [...Buffer.from(text)]
    return this.#place(1, [...u2(bytes.length), ...bytes])
  }

  type(name: string): number[] {
    return this.#place(7, this.#text(name))
  }

  string(text: string): number[] {
    return this.#place(8, this.#text(text))
  }

  method(type: string, name: string, signature: string): number[] {
    const described = this.#place(12, [...this.#text(name), ...this.#text(signature)])
    return this.#place(10, [...this.type(type), ...described])
  }

  define(name: string, signature: string, code: readonly number[]): number[] {
    // Room for three values on the stack, and for `this` and one parameter.
    const body = [...u2(3), ...u2(2), ...u2(0), ...u2(code.length), ...code, ...u2(0), ...u2(0)]
    const attribute = [...this.#text('Code'), ...u2(0), ...u2(body.length), ...body]
    return [...u2(PUBLIC), ...this.#text(name), ...this.#text(signature), ...u2(1), ...attribute]
  }

  bytes(): number[] {
    return [...u2(this.#constants.length + 1), ...this.#constants.flat()]
  }
}

/** Two bytes, the higher one first. */
function u2(value: number): number[] {
  return [value >> 8, value & 255]
}
