import {lower} from '../bytes.js'
import type {ByteString, FindKind} from '../model.js'
import {type Placed, placed} from './values.js'

/** What a column holds, by what stands above it. Addresses, MACs, mail and full names are found by their form. */
const columns: Readonly<Record<string, FindKind>> = {
  ...of('host', 'host hostname host_name host-name vm vmname vm_name guest node machine server device gerät rechner'),
  ...of(
    'name',
    'customer client kunde mandant tenant company organisation organization site location standort project',
  ),
  ...of('person', 'contact owner responsible technician person full_name fullname kontakt ansprechpartner besitzer'),
  ...of('user', 'user username user_name login account benutzer'),
  ...of('password', 'password passwd pass secret token api_key apikey psk passwort kennwort'),
  ...of(
    'serial',
    'serial serial_number serialnumber serialno sn s/n service_tag servicetag asset asset_tag license licence',
  ),
  ...of('serial', 'seriennummer licence_key license_key product_key'),
  ...of('mac', 'mac mac_address macaddress'),
}

function of(kind: FindKind, names: string): Record<string, FindKind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]))
}

/** The head of a table: words that commas, semicolons, bars or tabs separate. */
const head = /(?<=^|\n)\|?[ \w"()/#.-]{0,40}([,;\t|])[ \w"()/#.-]{0,40}(?:\1[ \w"()/#.-]{0,40})+(?=\r?\n)/g
/** Lines of a table that are looked at; what is longer is a log. */
const ROWS = 5000

/** What stands in the columns of tables whose head names them: CSV, and tables of Markdown. */
export function inColumns(text: ByteString): Placed[] {
  const found: Placed[] = []
  let read = 0
  for (const {0: line, 1: mark, index} of text.matchAll(head)) {
    if (index < read) continue
    const kinds = cellsOf(line, mark!).map(({text: cell}) => columns[lower(cell).replaceAll(' ', '_')])
    const isNamed = kinds.filter((kind) => kind !== undefined).length
    // `name` is what the others are of.
    const first = cellsOf(line, mark!).findIndex(({text: cell}) => /^(?:name|bezeichnung)$/i.test(cell))
    if (isNamed === 0 || kinds.length < 3) continue
    if (first >= 0) kinds[first] = 'host'
    let from = index + line.length
    for (let row = 0; row < ROWS; row++) {
      const start = text.indexOf('\n', from) + 1
      if (start === 0 || start >= text.length) break
      const next = text.indexOf('\n', start)
      from = next < 0 ? text.length : next
      read = from
      const cells = cellsOf(text.slice(start, from).replace(/\r$/, ''), mark!)
      if (cells.length !== kinds.length) break
      for (const [i, {text: cell, at}] of cells.entries()) {
        const kind = kinds[i]
        if (kind !== undefined) found.push(...cellOf(kind, text, start + at, cell))
      }
    }
  }
  return found
}

function cellOf(kind: FindKind, text: ByteString, start: number, cell: string): Placed[] {
  const end = start + cell.length
  if (kind === 'serial')
    return /^(?=.*\d)[\w-]{5,30}$/.test(cell) ? [{kind, start, end, confidence: 'likely', isName: false}] : []
  return placed(kind, text, {start, end, isQuoted: true})
}

/** The cells of a line, without quotes, marks and blanks around them, and where each begins. */
function cellsOf(line: string, mark: string): {text: string; at: number}[] {
  const cells: {text: string; at: number}[] = []
  const body = mark === '|' ? line.replace(/\|\s*$/, '') : line
  let at = mark === '|' && body.startsWith('|') ? 1 : 0
  while (at <= body.length) {
    const isQuoted = body[at] === '"'
    const close = isQuoted ? body.indexOf('"', at + 1) : -1
    const end = body.indexOf(mark, close < 0 ? at : close)
    const raw = body.slice(at, end < 0 ? undefined : end)
    const [before = ''] = /^[\s"*`]*/.exec(raw)!
    cells.push({text: raw.slice(before.length).replace(/[\s"*`]+$/, ''), at: at + before.length})
    if (end < 0) break
    at = end + 1
  }
  return cells
}
