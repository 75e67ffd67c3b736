import { FieldReader } from './field-reader.ts'
import { ProtocolError } from './protocol-error.ts'

/** The first message of a connection. */
export type StartUp =
  | { readonly kind: 'tls' | 'gss' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: number }
  | {
      readonly kind: 'session'
      readonly minor: number
      /** `user`, `database`, and settings. */
      readonly parameters: ReadonlyMap<string, string>
    }

const CANCEL = 80_877_102
const TLS = 80_877_103
const GSS = 80_877_104
const MAJOR = 3

/** https://www.postgresql.org/docs/15/protocol-message-formats.html: SSLRequest, GSSENCRequest, CancelRequest, StartupMessage */
export function readStartUp(body: Buffer): StartUp {
  const fields = new FieldReader(body)
  const code = fields.int32()
  if (code === TLS || code === GSS) {
    fields.end()
    return { kind: code === TLS ? 'tls' : 'gss' }
  }
  if (code === CANCEL) {
    const [processId, secret] = [fields.int32(), fields.int32()]
    fields.end()
    return { kind: 'cancel', processId, secret }
  }
  const [major, minor] = [code >>> 16, code & 0xffff]
  if (major !== MAJOR) {
    throw new ProtocolError(`protocol ${major}.${minor} is not spoken here, but 3.0`, '0A000')
  }
  const parameters = new Map<string, string>()
  for (let name = fields.text(); name !== ''; name = fields.text()) {
    parameters.set(name, fields.text())
  }
  fields.end()
  return { kind: 'session', minor, parameters }
}
