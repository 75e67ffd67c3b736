import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import type { Asked } from '../access/asked.ts'
import { type Denial, noToken, tokenNeeded } from '../access/denials.ts'
import { ADMIN } from './admin.ts'
import { Executor } from './executor.ts'
import { ExtendedQuery } from './extended-query.ts'
import { FieldReader } from './field-reader.ts'
import { Incoming } from './incoming.ts'
import { writeParameterStatus, writeReport } from './messages.ts'
import { ClientGone, Output } from './output.ts'
import { Portals } from './portals.ts'
import { ProtocolError } from './protocol-error.ts'
import { MECHANISM, ScramExchange, type ScramSecret } from './scram.ts'
import { Session } from './session.ts'
import { Settings } from './settings.ts'
import { SqlStateError } from './sql-state-error.ts'
import { readStartUp, type StartUp } from './start-up.ts'

/** What connections share. */
export interface ConnectionOptions {
  /** Null: the pipeline starts. */
  readonly current: () => Asked | null
  /** Of the token; null: there is none, and nobody changes anything. */
  readonly secret: ScramSecret | null
  /** Whether who only asks needs the token too. */
  readonly closed: boolean
  /** Null: no TLS is offered. */
  readonly tls: SecureContext | null
  readonly database: string
  readonly report: (error: unknown) => void
  /** A login that failed. */
  readonly refused: (user: string) => void
  /** Whether there are more connections than are served. */
  readonly isFull: () => boolean
  /** A client wants a statement of this connection to end. */
  readonly cancel: (processId: number, secret: number) => void
}

/** In ms. */
export interface Timeouts {
  /** From the connection to the end of the login. */
  readonly login: number
  /** For the rest of a message, and for a client to read its answer. */
  readonly slow: number
}

const LOGIN_LIMIT = 10_000
/** As of a statement over HTTP, with its values. */
const MESSAGE_LIMIT = 4 << 20
const AUTHENTICATION = { ok: 0, sasl: 10, saslContinue: 11, saslFinal: 12 }

type SessionStart = Extract<StartUp, { kind: 'session' }>

/** One client, from its first byte to its last. */
export class Connection {
  readonly processId: number
  readonly secret = randomInt(0x7fffffff)
  readonly #options: ConnectionOptions
  readonly #timeouts: Timeouts
  #socket: Socket
  #incoming: Incoming
  #output: Output

  constructor(
    socket: Socket,
    processId: number,
    options: ConnectionOptions,
    timeouts: Timeouts = { login: 10_000, slow: 30_000 }
  ) {
    this.processId = processId
    this.#options = options
    this.#timeouts = timeouts
    this.#socket = socket
    this.#incoming = new Incoming(socket, LOGIN_LIMIT, timeouts.slow)
    this.#output = new Output(socket, timeouts.slow)
  }

  /** Resolves when the client has gone. */
  async serve(): Promise<void> {
    const patience = setTimeout(() => this.destroy(), this.#timeouts.login)
    try {
      const start = await this.#start()
      const session = start === null ? null : await this.#logIn(start)
      clearTimeout(patience)
      if (session === null) return
      this.#incoming.limit = MESSAGE_LIMIT
      for (;;) {
        const frame = await this.#incoming.next()
        if (frame === null || !(await session.take(frame))) return
      }
    } catch (error) {
      this.#endWith(error)
    } finally {
      clearTimeout(patience)
      this.#socket.end()
      // What the client has not read by then, it will not.
      setTimeout(() => this.destroy(), 1000).unref()
    }
  }

  /** Ends what it sends now. */
  cancel(): void {
    this.#output.cancel()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Tells the client that the pipeline ends. */
  shutDown(): void {
    this.#endWith(new SqlStateError('57P01', 'the pipeline ends'))
    this.#socket.destroySoon()
  }

  /** The client's own end, or what it has to be told. */
  #endWith(error: unknown): void {
    const { writer } = this.#output
    if (error instanceof ClientGone) return this.destroy()
    if (error instanceof ProtocolError || error instanceof SqlStateError) {
      const { sqlState, message } = error
      const hint = error instanceof SqlStateError ? error.hint : null
      writeReport(writer, { severity: 'FATAL', sqlState, message, hint })
    } else {
      this.#options.report(error)
      writeReport(writer, { severity: 'FATAL', sqlState: 'XX000', message: 'internal error' })
    }
    this.#output.flush().catch(() => this.destroy())
  }

  /** Null: there is no session to begin. */
  async #start(): Promise<SessionStart | null> {
    // TLS and GSSAPI may both be asked for, each once.
    for (let asked = 0; asked < 3; asked++) {
      const frame = await this.#incoming.next(true)
      if (frame === null) return null
      const start = readStartUp(frame.body)
      switch (start.kind) {
        case 'session':
          return start
        case 'cancel':
          this.#options.cancel(start.processId, start.secret)
          return null
        case 'gss':
          this.#socket.write('N')
          break
        case 'tls':
          if (this.#options.tls === null || this.#socket instanceof TLSSocket)
            this.#socket.write('N')
          else this.#encrypt(this.#options.tls)
      }
    }
    throw new ProtocolError('the client asks how to talk, and does not talk')
  }

  #encrypt(secureContext: SecureContext): void {
    // Anything that came before the handshake was not encrypted, whoever sent it.
    if (this.#incoming.hasMore)
      throw new ProtocolError('unencrypted data after the request for TLS')
    this.#incoming.release()
    this.#socket.write('S')
    const { login, slow } = this.#timeouts
    const secure = new TLSSocket(this.#socket, { isServer: true, secureContext })
    secure.setTimeout(login, () => secure.destroy())
    secure.once('secure', () => secure.setTimeout(0))
    // A handshake that fails is the client's affair.
    secure.on('error', () => secure.destroy())
    this.#socket = secure
    this.#incoming = new Incoming(secure, LOGIN_LIMIT, slow)
    this.#output = new Output(secure, slow)
  }

  /** Null: the client has left. */
  async #logIn({ minor, parameters }: SessionStart): Promise<Session | null> {
    const user = parameters.get('user') ?? ''
    const { secret, closed } = this.#options
    this.#checkPlace()
    if (user === '')
      throw new SqlStateError('28000', 'no PostgreSQL user name specified in startup packet')
    if (!['', 'false', 'off', 'no', '0'].includes(parameters.get('replication') ?? '')) {
      throw new SqlStateError('0A000', 'a pipeline is not replicated')
    }
    this.#negotiate(minor, parameters)
    if (closed && this.#options.tls !== null && !(this.#socket instanceof TLSSocket)) {
      throw new SqlStateError(
        '28000',
        'only connections with TLS are taken here',
        'Use sslmode=require.'
      )
    }
    const isAdmin = user === ADMIN && secret !== null
    if (isAdmin || closed) {
      if (secret === null || !isAdmin) throw wrongUser(user)
      if (!(await this.#checkPassword(secret))) return null
    }
    return this.#open(user, parameters, isAdmin ? null : this.#denial())
  }

  #checkPlace(): void {
    if (!this.#options.isFull()) return
    const hint = 'Close some: a pool of connections needs a few.'
    throw new SqlStateError('53300', 'sorry, too many clients already', hint)
  }

  #denial(): Denial {
    if (this.#options.secret === null) return noToken
    return tokenNeeded(`Connect as user ${ADMIN}: its password is the token.`)
  }

  /** A client that speaks more than 3.0 is told that this is all. */
  #negotiate(minor: number, parameters: ReadonlyMap<string, string>): void {
    const unknown = [...parameters.keys()].filter(name => name.startsWith('_pq_.'))
    if (minor === 0 && unknown.length === 0) return
    const { writer } = this.#output
    writer.begin('v').int32(0).int32(unknown.length)
    for (const name of unknown) writer.text(name)
    writer.end()
  }

  /** False: the client has left. */
  async #checkPassword(secret: ScramSecret): Promise<boolean> {
    const { writer } = this.#output
    const exchange = new ScramExchange(secret)
    writer.begin('R').int32(AUTHENTICATION.sasl).text(MECHANISM).byte(0).end()
    const first = await this.#password()
    if (first === null) return false
    const mechanism = first.text()
    if (mechanism !== MECHANISM) throw new ProtocolError(`only ${MECHANISM} is offered`)
    const length = first.int32()
    const serverFirst = exchange.first(first.bytes(length).toString('latin1'))
    first.end()
    writer.begin('R').int32(AUTHENTICATION.saslContinue).raw(Buffer.from(serverFirst)).end()
    const last = await this.#password()
    if (last === null) return false
    const proof = exchange.last(last.bytes(last.left).toString('latin1'))
    if (proof === null) {
      this.#options.refused(ADMIN)
      throw new SqlStateError(
        '28P01',
        `password authentication failed for user "${ADMIN}"`,
        'The password is the token of the pipeline.'
      )
    }
    writer.begin('R').int32(AUTHENTICATION.saslFinal).raw(Buffer.from(proof)).end()
    return true
  }

  async #password(): Promise<FieldReader | null> {
    await this.#output.flush()
    const frame = await this.#incoming.next()
    if (frame === null) return null
    if (frame.type !== 'p') throw new ProtocolError('a password was asked for')
    return new FieldReader(frame.body)
  }

  async #open(
    user: string,
    parameters: ReadonlyMap<string, string>,
    denial: Denial | null
  ): Promise<Session> {
    const { writer } = this.#output
    const { current, database, report } = this.#options
    const settings = new Settings(user)
    for (const [name, value] of parameters) takeSetting(settings, name, value)
    const { processId } = this
    const options = {
      current,
      denial,
      user,
      database,
      processId
    }
    const portals = new Portals()
    const executor = new Executor(options, settings, portals, name => extended.forget(name))
    const extended: ExtendedQuery = new ExtendedQuery(this.#output, executor, portals)
    const session = new Session(executor, this.#output, extended, report)
    writer.begin('R').int32(AUTHENTICATION.ok).end()
    for (const [name, value] of settings.told()) writeParameterStatus(writer, name, value)
    writer.begin('K').int32(processId).int32(this.secret).end()
    await session.begin()
    return session
  }
}

function wrongUser(user: string): SqlStateError {
  return new SqlStateError(
    '28000',
    `there is no user "${user}" here`,
    `The only one is ${ADMIN}: its password is the token of the pipeline.`
  )
}

/** Drivers send what they would like; what is not known here is no reason to turn them away. */
function takeSetting(settings: Settings, name: string, value: string): void {
  if (name === 'user' || name === 'database') return
  try {
    settings.set(name, value)
  } catch (error) {
    if (!(error instanceof SqlStateError)) throw error
    if (name === 'client_encoding') throw error
  }
}
