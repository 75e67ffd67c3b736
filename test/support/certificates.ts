import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Paths of PEM files. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** An authority of its own, made by openssl for as long as a test takes. */
export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'miraclec-ca-'))
  /** What vouches for the certificates. */
  readonly ca = join(this.folder, 'ca.pem')

  constructor() {
    const key = join(this.folder, 'ca.key')
    const subject = ['-subj', '/CN=miraclec test authority', '-days', '1', '-nodes']
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', this.ca, ...subject)
  }

  /** For a name, localhost and 127.0.0.1. */
  issue(name: string): KeyPair {
    const path = (ending: string): string => join(this.folder, `${name}.${ending}`)
    const [cert, key, request, extensions] = [path('pem'), path('key'), path('csr'), path('ext')]
    writeFileSync(extensions, `subjectAltName=DNS:localhost,DNS:${name},IP:127.0.0.1\n`)
    const wanted = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', `/CN=${name}`]
    openssl('req', ...wanted, '-out', request)
    const by = ['-CA', this.ca, '-CAkey', join(this.folder, 'ca.key'), '-CAcreateserial']
    openssl(
      'x509',
      '-req',
      '-in',
      request,
      ...by,
      '-days',
      '1',
      '-out',
      cert,
      '-extfile',
      extensions
    )
    return { cert, key }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' })
}
