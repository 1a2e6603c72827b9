import type {Pair} from 'pmpc/kit/anonymize'
import {mapError} from '../errors.js'
import {readPairs} from './map.js'
import {KEY_BYTES, keyFrom, newStretch, SCRYPT, seal, unseal, type Stretch} from './seal.js'

const FORMAT = 'pmpc anonymize export'
const VERSION = 1

/** A map with its key, for another machine: what is in it takes a passphrase. */
interface ExportFile {
  format: typeof FORMAT
  version: typeof VERSION
  scrypt: Stretch
  sealed: string
}

/** The text of such a file. */
export function exportText(passphrase: string, key: Buffer, pairs: readonly Pair[]): string {
  const scrypt = newStretch()
  const sealed = seal(keyFrom(passphrase, scrypt), JSON.stringify({key: key.toString('base64'), pairs}))
  return `${JSON.stringify({format: FORMAT, version: VERSION, scrypt, sealed} satisfies ExportFile)}\n`
}

/** What such a file holds. @throws PMPC_ANONYMIZE_MAP for another passphrase, and for what is no such file */
export function readExport(passphrase: string, text: string, path: string): {key: Buffer; pairs: Pair[]} {
  const {scrypt, sealed} = parsed(text, path)
  const opened = unseal(keyFrom(passphrase, scrypt), sealed)
  if (opened === undefined)
    throw mapError(`${path} was not sealed with this passphrase, or is damaged`, [`pmpc anonymize map import ${path}`])
  const {key, pairs} = JSON.parse(opened) as {key: string; pairs: unknown}
  const found = {key: Buffer.from(key, 'base64'), pairs: readPairs(JSON.stringify(pairs))}
  if (found.pairs === undefined || found.key.length !== KEY_BYTES) throw noExport(path)
  return {key: found.key, pairs: found.pairs}
}

function parsed(text: string, path: string): ExportFile {
  try {
    const file = JSON.parse(text) as ExportFile
    const {N, r, p, salt} = file.scrypt
    // Whoever wrote the file must not choose how much memory is taken.
    const isOurs =
      file.format === FORMAT && file.version === VERSION && N === SCRYPT.N && r === SCRYPT.r && p === SCRYPT.p
    if (isOurs && typeof salt === 'string' && typeof file.sealed === 'string') return file
  } catch {
    // It is no JSON, or has no such parts.
  }
  throw noExport(path)
}

const noExport = (path: string) =>
  mapError(`${path} is no export of pmpc anonymize`, ['pmpc anonymize map export FILE   # where the map is'], {path})
