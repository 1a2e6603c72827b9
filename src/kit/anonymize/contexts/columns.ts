import {lower} from '../bytes.js'
import type {ByteString, FindKind} from '../model.js'
import {behindKey} from '../registry.js'
import {at, type Context, lineEnd, lineStart, none, type Placed, placed, secretKinds} from './values.js'

/** What a column holds, by what stands above it, in the languages of Europe. Addresses, MACs, mail and full names are found by their form. */
const columns: ReadonlyMap<string, FindKind> = new Map([
  ...of(
    'host',
    `host hostname host_name host-name vm vmname vm_name guest node machine server device gerät rechner servername rechnername hôte nom_hôte serveur equipo servidor
    servidor_nombre hostnaam serwer maszyna nazwa_hosta máquina macchina vert värd`,
  ),
  ...of(
    'name',
    `customer client kunde mandant tenant company organisation organization site location standort project cliente klant klient kund zákazník firma entreprise empresa azienda bedrijf sito
    lokalizacja projekt projet proyecto progetto`,
  ),
  ...of(
    'person',
    `contact owner responsible technician person full_name fullname kontakt ansprechpartner besitzer inhaber verantwortlich verantwortlicher responsable responsabile referente
    verantwoordelijke beheerder eigenaar opiekun osoba ansvarlig ansvarig eier contacto contatto contato propietario vlastník kontaktperson contactpersoon`,
  ),
  ...of(
    'user',
    `user username user_name login account benutzer benutzername usuario usuário utente utilisateur identifiant gebruiker gebruikersnaam użytkownik bruker brukernavn användare uživatel konto`,
  ),
  ...of(
    'password',
    `password passwd pass pw pwd passwords secret token api_key apikey psk passwort kennwort hasło haslo contraseña clave senha wachtwoord lösenord passord adgangskode heslo parola
    mot_de_passe mdp`,
  ),
  ...of(
    'serial',
    `serial serial_number serialnumber serialno sn s/n service_tag servicetag asset asset_tag license licence seriennummer serien-nr serien-nr. licence_key license_key product_key inventarnummer inventar-nr
    inventar-nr. lizenz lizenzschlüssel nr_seryjny numer_seryjny nr_inwent. nr_inwentarzowy no_série numéro_de_série n°_de_série número_de_serie nº_serie número_de_série numero_di_serie
    matricola serienummer serienr serienr. sériové_číslo výrobní_číslo licencia licença licenza licentie licencja`,
  ),
  ...of('mac', 'mac mac_address macaddress'),
])

/** What the others are of. */
const named = new Set(of('host', 'name bezeichnung nazwa nom nome nombre naam navn namn název').map(([one]) => one))

/** Byte strings, as texts are. */
function of(kind: FindKind, names: string): [string, FindKind][] {
  return names.split(/\s+/).map((name) => [Buffer.from(name, 'utf8').toString('latin1'), kind])
}

/** The head of a table: words that commas, semicolons, bars or tabs separate. */
const head =
  /\|?[ \w"()/#.\u0080-\u00ff-]{0,40}([,;\t|])[ \w"()/#.\u0080-\u00ff-]{0,40}(?:\1[ \w"()/#.\u0080-\u00ff-]{0,40})+(?=\r?\n)/y
/** Lines of a table that are looked at; what is longer is a log. */
const ROWS = 5000

/**
 * What stands in the columns of a table whose head begins at a place and names them: CSV, and tables of Markdown.
 * @returns where the last line begins that was looked at
 */
export function addTable(text: ByteString, start: number, found: Placed[]): number {
  const match = at(head, text, start)
  if (!match) return start
  const [line, mark] = match as unknown as [string, string]
  const names = cellsOf(line, mark).map(({text: cell}) => lower(cell).replaceAll(' ', '_'))
  const kinds = names.map((name) => columns.get(name))
  for (const [i, name] of names.entries()) kinds[i] ??= secretColumn(name, mark)
  const isSecret = kinds.includes('password') || kinds.includes('token')
  if (kinds.length < (isSecret ? 2 : 3) || kinds.every((kind) => kind === undefined)) return start
  // `name` is what the others are of.
  const first = names.findIndex((name) => named.has(name))
  if (first >= 0) kinds[first] = 'host'
  let from = start + line.length
  for (let row = 0; row < ROWS; row++) {
    const next = text.indexOf('\n', from) + 1
    if (next === 0 || next >= text.length) break
    const end = text.indexOf('\n', next)
    from = end < 0 ? text.length : end
    // A frame between head and rows.
    if (mark === '|' && /^\+[-=+]+\+\r?$/.test(text.slice(next, from))) continue
    const cells = cellsOf(text.slice(next, from).replace(/\r$/, ''), mark)
    if (cells.length !== kinds.length) return next
    for (const [i, {text: cell, at: place}] of cells.entries()) {
      const kind = kinds[i]
      if (kind !== undefined) found.push(...cellOf(kind, text, next + place, cell))
    }
  }
  return from
}

/** What a line is framed by where a table is drawn. */
const FRAME = '\u00e2\u0094\u0082'
/** Lines of a drawn table that are looked at. */
const DRAWN = 200

/** Passwords below the word for one, in columns that blanks or a frame separate. */
export const passwordColumn: Context = (text, start, end) => {
  const from = lineStart(text, start)
  const [ahead, behind] = [text.slice(from, start), text.slice(end, lineEnd(text, end))]
  const isFramed = ahead.includes(FRAME)
  if (!isFramed && !(/^$|\S(?: {2,}|\t)$/.test(ahead) && /^(?:\s*$| {2,}\S)/.test(behind) && /\S/.test(ahead + behind)))
    return none
  const column = isFramed ? ahead.split(FRAME).length - 1 : ahead.length
  const found: Placed[] = []
  let next = text.indexOf('\n', end) + 1
  for (let row = 0; row < DRAWN && next > 0 && next < text.length; row++) {
    const line = text.slice(next, lineEnd(text, next))
    if (line.trim() === '') break
    const cell = isFramed ? framedCell(line, column) : alignedCell(line, column)
    // Another head begins.
    if (cell && line.slice(...cell) === text.slice(start, end)) break
    if (cell) found.push(...placed('password', text, {start: next + cell[0], end: next + cell[1], isQuoted: true}))
    else if (!/^[\s\u0080-\u00ff=+-]*$/.test(line)) break
    next = text.indexOf('\n', next) + 1
  }
  return found
}

/** From where to where a cell goes. */
type Span = readonly [start: number, end: number]

function framedCell(line: string, column: number): Span | undefined {
  const cells = line.split(FRAME)
  const cell = cells.length > column + 1 ? cells[column]! : ''
  if (cell.trim() === '') return undefined
  const start = cells.slice(0, column).join(FRAME).length + FRAME.length + cell.search(/\S/)
  return [start, start + cell.trim().length]
}

function alignedCell(line: string, column: number): Span | undefined {
  if (column > 0 && !/\s/.test(line[column - 1] ?? 'x')) return undefined
  const cell = /^\S+/.exec(line.slice(column))?.[0]
  return cell === undefined || /^[-=]+$/.test(cell) ? undefined : [column, column + cell.length]
}

/** A column that is called as the key of a secret: `login_password`, `API key`. */
function secretColumn(name: string, mark: string): FindKind | undefined {
  const kind = /^[a-z]\w{2,24}$/.test(name) ? behindKey(name) : undefined
  if (mark === '\t' && kind !== 'password') return undefined
  return kind !== undefined && secretKinds.has(kind) && !/_id$|^tokens?$|_ticket$/.test(name) ? kind : undefined
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
  let from = mark === '|' && body.startsWith('|') ? 1 : 0
  while (from <= body.length) {
    const isQuoted = body[from] === '"'
    const close = isQuoted ? body.indexOf('"', from + 1) : -1
    const end = body.indexOf(mark, close < 0 ? from : close)
    const raw = body.slice(from, end < 0 ? undefined : end)
    const [before = ''] = /^[\s"*`]*/.exec(raw)!
    cells.push({text: raw.slice(before.length).replace(/[\s"*`]+$/, ''), at: from + before.length})
    if (end < 0) break
    from = end + 1
  }
  return cells
}

/** What columns hold whose heads are in capitals and stand above them. */
const heads: ReadonlyMap<string, FindKind> = new Map([
  ...of('host', 'HOST HOSTNAME NODE NODENAME NODELIST(REASON) MACHINE SERVER'),
  ...of('user', 'USER OWNER USERNAME LOGIN'),
  ...of('name', 'NAMES CUSTOMER TENANT NAMESPACE'),
])
const capitals = /[ \t]*[A-Z%][A-Z%/().@+-]*(?: +[A-Z%][A-Z0-9%/().@+-]*){2,40}[ \t]*(?=\r?\n)/y

/** Likewise of a table whose columns blanks separate, as ps(1), kubectl and Ceph print them: a cell is what stands below its head. */
export function addAligned(text: ByteString, start: number, found: Placed[]): number {
  const code = text.charCodeAt(start)
  if (code !== 0x20 && !(code >= 0x41 && code <= 0x5a)) return start
  const match = at(capitals, text, start)
  const wanted = [...(match?.[0].matchAll(/\S+/g) ?? [])].flatMap((head) => {
    const kind = heads.get(head[0])
    return kind === undefined ? [] : [{kind, first: head.index, last: head.index + head[0].length}]
  })
  if (!match || wanted.length === 0) return start
  let from = start + match[0].length
  for (let row = 0; row < ROWS; row++) {
    const next = text.indexOf('\n', from) + 1
    if (next === 0 || next >= text.length) break
    const end = text.indexOf('\n', next)
    from = end < 0 ? text.length : end
    const line = text.slice(next, Math.min(from, next + 400)).replace(/\r$/, '')
    if (line.trim() === '') return next
    for (const {kind, first, last} of wanted) {
      const cell = cellAt(line, first, last)
      if (cell) found.push(...cellOf(kind, text, next + cell.at, cell.text))
    }
  }
  return from
}

/** The word of a line that stands below a head. */
function cellAt(line: string, first: number, last: number): {text: string; at: number} | undefined {
  for (const word of line.matchAll(/\S+/g))
    if (word.index < last && word.index + word[0].length > first) return {text: word[0], at: word.index}
  return undefined
}
