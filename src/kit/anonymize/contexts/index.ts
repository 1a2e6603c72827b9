import {lower} from '../bytes.js'
import type {FindKind} from '../model.js'
import {behindKey, isNote} from '../registry.js'
import {firstNames, onlyNames} from '../first-names.js'
import {COLON, LETTER} from '../scan.js'
import {isoTime, lineOfLog, listedHost, volume} from './hosts.js'
import {accessLine, passwd, person} from './people.js'
import {pgpass, ticket} from './secrets.js'
import {loginCall, loginCalls} from './said.js'
import {both, keyed, lineOf, shaped} from './shapes.js'
import {rowsOf} from './table.js'
import {models} from '../serials.js'
import {type Context, secretKinds, ticketed} from './values.js'

export {hostAfter, hostOfLine, hostsAround, lineOfLog} from './hosts.js'
export {accountBefore, personBefore} from './people.js'
export {apiToken} from './secrets.js'
export {secretsOfLine} from './shapes.js'
export {anywhere} from './anywhere.js'
export type {Context, Placed} from './values.js'

/** The number of a disk, behind its model. */
const modelLine = shaped(/\S+[ \t"|;]{1,40}(?=(?:[A-Z-]*\d){2})([A-Z0-9][A-Z0-9-]{7,19})(?=[\s"|;]|$)/, 'serial')

/** What the place of a word may tell; undefined where it tells nothing. Words are as `scan` has them. @param sort of what it consists */
export function contextOf(word: string, sort: number): Context | undefined {
  if (word.startsWith('REDACTED-') || word.startsWith('UPID:')) return undefined
  // Numbers of base sixteen that colons join are no keys.
  if ((sort & COLON) !== 0 && (sort & LETTER) === 0 && word.charCodeAt(0) > 0x39) return undefined
  if (word.length > 300) return ticketed.test(word) ? ticket : undefined
  const first = word.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39 && !/^7z[arz]?$/.test(word))
    return isoTime.test(word) ? lineOfLog : /:\d{2,5}(?::|$)/.test(word) ? pgpass : undefined
  const small = lower(word)
  if (/^(?:user|token|group|pool|acl|role):/.test(word)) return accessLine
  const own = small.endsWith(':https') ? rowsOf('https') : (rowsOf(small) ?? rowsOf(small.split(':')[0]!))
  if (own) {
    const behind = behindKey(small) ?? (/[._-]/.test(small) ? lastPart(small) : undefined)
    return behind === undefined ? own : both(own, keyed(behind))
  }
  const dot = small.lastIndexOf('.') + 1
  if (dot > 0 && loginCalls.has(small.slice(dot))) return loginCall
  if (ticketed.test(word)) return ticket
  if (models.test(word)) return modelLine
  if (/^[a-z][a-z0-9-]*:(?:\d{4,5}|\d+\.\d+\.\d+\.\d+)$/.test(word)) return both(listedHost, pgpass)
  if (/^[\w.-]+:\d{2,5}(?::|$)/.test(word)) return pgpass
  if (/^(?:scsi|virtio|sata|ide|efidisk|tpmstate|unused|mp|rootfs|vmstate)\d*$/.test(word)) return volume
  if (/^[A-Z\u00c3-\u00c5][a-z\u0080-\u00ff-]+$/.test(word) && (firstNames.has(small) || onlyNames.has(small)))
    return person
  if (/^[\w.-]+:[^:]*:\d+:\d+/.test(word)) return passwd
  // `WLAN-Passwort lautet …`
  const dashed = /-(?:passwor[dt]|kennwort|schl\u00c3\u00bcssel)$/.exec(small)
  const behindDash = dashed && rowsOf(dashed[0].slice(1))
  if (dashed && behindDash)
    return both((text, _start, end) => behindDash(text, end - dashed[0].length + 1, end), lineOf)
  // `password:` in front of what it joins: `cipassword:hunter2`, `config.password`.
  const colon = word.indexOf(':')
  if (colon > 0) {
    const behind = behindKey(word.slice(0, colon))
    if (behind !== undefined) return (text, start) => keyed(behind)(text, start, start + colon)
    const last = behindKey(word.slice(word.lastIndexOf(':') + 1))
    return last === undefined ? undefined : keyed(last)
  }
  const behind = behindKey(small) ?? (/[._-]/.test(small) ? lastPart(small) : undefined)
  if (behind !== undefined) return keyed(behind)
  return isNote(word) ? lineOf : undefined
}

/** `db.password`, `export_PASSWORD`, `target_node`: the last part of a key counts. */
function lastPart(key: string): FindKind | undefined {
  // `check_ntlm_password:` is what Samba does, and no password follows it; nor does one follow `TOKEN_NAME`.
  if (/^check_|token_?(?:name|id)$|^password-secret$/.test(key)) return undefined
  const last = /[^._-]+$/.exec(key)?.[0]
  const behind = last === undefined ? undefined : behindKey(last)
  return behind !== undefined &&
    (secretKinds.has(behind) || /^(?:node|host|hostname|username|user|fqdn|bucket|serial)$/.test(last!))
    ? behind
    : undefined
}
