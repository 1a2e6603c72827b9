import {lower} from '../bytes.js'
import {commonWords} from '../common-words.js'
import {technical} from '../words.js'
import {passwordColumn} from './columns.js'
import {secret} from './options.js'
import {at, type Context, lineEnd, lineStart, none, type Placed, placed} from './values.js'

/** Bytes of UTF-8, as texts have them here. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1').replaceAll('\u00a0', '\u00a1')

/** What a password is called where people write in other languages than English. */
export const passwordWords = bytes(
  'passwort passw\u00f6rter kennwort schl\u00fcssel contrase\u00f1a clave senha wachtwoord l\u00f6senord has\u0142o heslo adgangskode passord salasana ' +
    '\u043f\u0430\u0440\u043e\u043b\u044c \u041f\u0430\u0440\u043e\u043b\u044c \u041f\u0410\u0420\u041e\u041b\u042c \u5bc6\u7801 \u5bc6\u78bc \u53e3\u4ee4 \u30d1\u30b9\u30ef\u30fc\u30c9 \ube44\ubc00\ubc88\ud638 ' +
    'jelsz\u00f3 parol\u0103 parola \u015fifre \u015eifre lozinka geslo parool parole slapta\u017eodis motdepasse mdp kodeord \u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2',
)

/** Whose it is: `password for root`, `Passwort f\u00fcr alle Knoten`. */
const whose = bytes(
  String.raw`(?: (?:for|of|on|f\u00fcr|von|vom|auf|am|im|de|du|des|del|di|da|do|pour|para|per|voor|van|na|w|pro|till|\u0434\u043b\u044f|root|admin|\([^()\n]{1,30}\))(?: [^\s:=|"'\x60,;()]{1,30}){0,4}?)?`
    .replace('f\\u00fc', 'f\u00fc')
    .replace('\\u0434\\u043b\\u044f', '\u0434\u043b\u044f'),
)

/** What joins it and its value. */
const joined = bytes(
  '(?: (?:is|was|to|ist|war|lautet|lautete|est|\u00e9tait|es|era|\u00e8|\u00e9|jest|je|is nu|\u00e4r|er|on|now|neu|auf)(?:: | )|[ .\t]{0,40}[:=] {0,9}|[ \t]*(?:->|=>|\u2192|\u2013|\u2014|-) )',
)

const [opening, ended] = [bytes('["\'`\u201e\u201c\u00ab\u00bb*_]{0,3}'), /^[^\s"'`,;()<>|\u00e2\u00c2]{4,64}/]

const saidWord = new RegExp(`[\\w\\u0080-\\u00ff-]+["'\`*_]{0,2}${whose}${joined}${opening}`, 'y')

/** What follows a value that ends there: nothing, a mark, a word that goes on with another thought. */
const goesOn =
  /^(?:["'`*_\u00e2\u00c2]|[.,;!?)]*(?:\s*$|\s+(?:and|und|but|aber|please|bitte|on|for|auf|f\u00c3\u00bcr|et|mais|y|pero|e|ma|en|maar|i|a|or|oder|nor|so|then|dann|if|wenn|the|der|die|das|it|I|we|ich|wir|from|since|seit|until|bis)\s|\s*[(\u00e2-])|[.,;!)])/

/** What stands before the word where the password follows it directly: `with password \u2026`, `BIOS password \u2026`. */
const before =
  /(?:\b(?:with|using|use|mit|dem|und|and|avec|con|met|bios|uefi|root|admin|administrator|wifi|wlan|initial|default|standard|gast|guest|user(?:name)? \S+|login \S+|benutzer(?:name)? \S+|utente \S+|gebruiker \S+|usuario \S+|utilisateur \S+)[ ,-]{1,2}|[,/(;] ?|\bmot de )(?:the |das |le |la |el |il |het )?$/i

const directly = new RegExp(`[\\w\\u0080-\\u00ff-]+ ${opening}`, 'y')

/** Words that go on with a sentence. */
const sentence: ReadonlySet<string> = new Set(
  bytes(
    'wird wurde werden wurden sind hat haben hatte kann k\u00f6nnen muss m\u00fcssen soll sollte darf stimmt passt geht fehlt bleibt steht liegt hei\u00dft gilt l\u00e4uft \u00e4ndern setzen eingeben vergeben speichern hinterlegen merken teilen ' +
      'nutzen benutzen verwenden zur\u00fccksetzen anmelden einloggen sch\u00fctzen oder f\u00fcr beim eine einer eines meine deine unser auch bitte danke wenn weil dass warum aber doch sowie sonst damit darin dazu sont sera doit peut pour ' +
      'avec dans plus debe puede para sono deve della zijn moet voor niet works worked doesn isn wasn didn prompts anymore via instead manager hashes',
  ).split(' '),
)

/** What people say of a password that is none itself. */
const sayings: ReadonlySet<string> = new Set(
  bytes(
    'falsch richtig korrekt abgelaufen unbekannt vergessen leer notwendig erforderlich n\u00f6tig sicher unsicher gleich identisch ung\u00fcltig g\u00fcltig kurz lang einfach schwach stark dasselbe dieselbe immer noch nicht schon bekannt ' +
      'geheim anders neu alt egal kein keins unser euer hier dort wohl leider vermutlich faux requis obligatoire expir\u00e9 vide chang\u00e9 incorrecta correcta obligatoria vac\u00eda errata sbagliata scaduta corretta vuota verkeerd onjuist ' +
      'verlopen fout juist leeg unset blank encrypted decrypt hashed salted unlock gone rotated leaked compromised guessable bereits ebenfalls weiterhin mindestens aktuell',
  ).split(' '),
)

/** Whether a word stands in the place of a password as one, and does not tell something of it. */
function isSaid(word: string, isQuoted: boolean): boolean {
  const small = lower(word).replace(/[^a-z0-9\u0080-\u00ff]+$/, '')
  if (word.length < 5 || commonWords.has(small) || technical.has(small) || sayings.has(small)) return false
  if (
    /^[@/\\$<{[%]|^--?\w|^\w+:\/\/|[({[]$|^[\w.-]+\.(?:ya?ml|json|conf|cfg|txt|md|sh|py|pl|pm|tf|log|de|com|org|net|key|pem)$/.test(
      word,
    )
  )
    return false
  if (/\d|[^\w\u0080-\u00ff-]|[a-z][A-Z]/.test(word)) return !/^(?:[\d.:/-]+|v\d[\d.]*)$/.test(word)
  return (
    isQuoted ||
    !/(?:ed|ing|able|ible|ory|iert|bar|lich|isch|sam|los|haft)$|^(?:ge|ver|be|er)[a-z\u0080-\u00ff]+t$/.test(small)
  )
}

function directlyBehind(text: string, start: number): RegExpExecArray | null {
  const near = text.slice(Math.max(0, start - 48), start)
  return before.test(near) || /^[Pp][Ww] /.test(text.slice(start, start + 3)) ? at(directly, text, start) : null
}

/** `\u2026 is the root password`. */
export const saidBefore: Context = (text, start) => {
  const near = text.slice(Math.max(lineStart(text, start), start - 100), start)
  const match =
    /(?:^|[\s"'`(])([^\s"'`(),;:=]{5,40})["'`]? (?:is|ist|est|es|was|war) (?:the|das|our|your|my|mein|unser|le|la|el|il) (?:[\w-]{1,20} ){0,2}$/.exec(
      near,
    ) ?? /["'`]([^\s"'`]{4,40})["'`] \((?:the |das )?(?:[\w-]{1,20} ){0,2}$/.exec(near)
  if (!match || !isSaid(match[1]!, false) || /^[A-Z][a-z]+$|^(?:[Tt]his|[Tt]hat|there|which|here)$/.test(match[1]!))
    return none
  const first = start - near.length + match.index + match[0].indexOf(match[1]!)
  return placed('password', text, {start: first, end: first + match[1]!.length, isQuoted: true})
}

/** `I set the password to \u2026`. */
const becomes = /\b(?:set|sets|setting|chang\w+|reset\w*|updat\w+|switch\w*|rotat\w+)\b[^.\n]{0,40}$/i

/** A password that a sentence tells: `the password is \u2026`, `das Passwort lautet \u2026`, `contrase\u00f1a: \u2026`. */
export const saidPassword: Context = (text, start) => {
  const head = at(saidWord, text, start) ?? directlyBehind(text, start)
  if (!head) return none
  const from = start + head[0].length
  const line = text.slice(from, lineEnd(text, from))
  const whole = ended.exec(line)?.[0]
  if (whole === undefined) return none
  if (/ to $/.test(head[0]) && !becomes.test(text.slice(Math.max(0, start - 60), start))) return none
  const word = whole.replace(/&[\w-]+=.*$/, '').replace(/[.:!?*_]*(?:\\[nr].*)?$/, '')
  if (head[0].endsWith(' ') && sentence.has(lower(word))) return none
  const isQuoted = /["'`*]$|\u00e2\u0080.$|\u00c2.$/.test(head[0])
  const isDirect = !/[:=>]|\u00e2|\S\s+\S/.test(head[0])
  if (!isSaid(word, isQuoted) || !(isDirect || goesOn.test(line.slice(word.length)))) return none
  // A noun, or a verb that ends a sentence.
  if (isDirect && !isQuoted && /^[A-Z]?[a-z\u0080-\u00ff]+$/.test(word) && /^[A-Z]|(?:en|t|s?ung)$/.test(word))
    return none
  return placed('password', text, {start: from, end: from + word.length, isQuoted: true})
}

/** A password alone in the line below the word for one. */
export const passwordBelow: Context = (text, start) => {
  const match = at(
    /[\w\u0080-\u00ff-]+(?:(?: (?:to proceed to installation|for the [^\n:]{1,90}))?:)?[ \t]*\r?\n[ \t]*(?:\r?\n)?[ \t]*([^\s@:/#$<>|=\x60"'-][^\s@:/#$<>|=\x60"']{5,63})[ \t]*(?=\r?\n|$)/dy,
    text,
    start,
  )
  const range = match?.indices?.[1]
  return range && !/[.,;:)&]$/.test(text.slice(...range)) && isSaid(text.slice(...range), false)
    ? placed('password', text, {start: range[0], end: range[1], isQuoted: true})
    : none
}

/** An account and its password that a slash joins, where something says that these are what one logs in with. */
const slashed =
  /[\w\u0080-\u00ff-]+(?:(?: (?:are|is|sind|ist|sont|with|as|mit|als|via|using|data|for \S+))?:? )["'`(]?([\w.@-]{2,40})(?: ?\/ ?)["'`]?([^\s/"'`,;()|]{4,64})(?=["'`]?(?:[.,;)]{0,2}(?:\s|$)))/dy
export const slashedLogin: Context = (text, start) => {
  const indices = at(slashed, text, start)?.indices
  if (!indices) return none
  const [user, password] = [indices[1]!, indices[2]!]
  const word = text.slice(...password).replace(/[.,;)]+$/, '')
  if (!isSaid(word, true)) return none
  return [
    ...placed('user', text, {start: user[0], end: user[1], isQuoted: true}),
    ...secret('password', text, password[0], password[0] + word.length),
  ]
}

/** Arguments of a call that are texts by themselves. */
const argument = /\s*(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`([^`\n]*)`|([\w.:$[\]]+))\s*(,|\))/dy

/** What programs are written with to log in: of two texts the second is the password, of more the third, as the first says where. */
export const loginCall: Context = (text, start) => {
  const head = at(/[\w.!-]+(?:\]?::new)?\(\s*(?:\(|\[)?/y, text, start)
  if (!head) return none
  const texts: [number, number][] = []
  let from = start + head[0].length
  for (let count = 0; count < 8; count++) {
    const next = at(argument, text, from)
    if (!next) break
    const range = next.indices![1] ?? next.indices![2] ?? next.indices![3]
    if (range) texts.push(range)
    from += next[0].length
    if (next[5] === ')') break
  }
  const isOnlyLogin = /^(?:login|auth|\w*basic\w*|httpdigestauth|\w*credentials?|passwordauthentication)$/i.test(
    /^[\w!]*/.exec(head[0].replace(/^.*\./, ''))![0],
  )
  const range = texts[isOnlyLogin || texts.length < 3 ? 1 : 2]
  if (!range || /\s/.test(text.slice(...range))) return none
  return secret('password', text, ...range)
}

/** Rows of a database that are put in, by the columns that are named before: `INSERT INTO users (name, password) VALUES ('ada', '\u2026')`. */
export const insertedRow: Context = (text, start, end) => {
  const names = /\(([^()]{3,400})\)\s*$/.exec(text.slice(Math.max(0, start - 420), start))?.[1]?.split(',')
  if (!names || !names.some((one) => isSecretColumn(one))) return none
  const found: Placed[] = []
  let from = end
  for (let row = 0; row < 2000; row++) {
    const open = at(/\s{0,200},?\s{0,200}\(/y, text, from)
    if (!open) break
    from += open[0].length
    for (const column of [...names, '']) {
      const cell = at(
        /\s{0,60}(?:N?'((?:[^'\\\n]|''|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|[^,()'"\s][^,()'"\n]{0,200}(?:\([^()\n]{0,200}\))?)\s{0,60}(,|\))/dy,
        text,
        from,
      )
      if (!cell) return found
      const range = cell.indices![1] ?? cell.indices![2]
      if (range && isSecretColumn(column))
        found.push(...placed('password', text, {start: range[0], end: range[1], isQuoted: true}))
      from += cell[0].length
      if (cell[3] === ')') break
    }
  }
  return found
}

const isSecretColumn = (name: string): boolean =>
  /pass(?:word|wd)?\b|passphrase|secret|_pw\b|\bpw\b|pwd|token|api_?key|hash\b/i.test(name)

/** Calls that are told a login. */
export const loginCalls: ReadonlySet<string> = new Set(
  (
    'login auth connect httpbasicauth httpdigestauth basicauth basic_auth setbasicauth mysqli mysqli_connect pdo proxmoxapi getconnection pscredential networkcredential passwordcredential credential credentials usernamepasswordcredentials passwordauthentication ' +
    'createconnection set_credentials setcredentials login_with_password userpass sqlconnection mysql_connect pg_connect ssh2_auth_password simple_bind_s simple_bind bind_s authenticate'
  ).split(' '),
)

/** What people write, and programs, of passwords. */
export const sayingRows: readonly (readonly [words: string, context: Context])[] = [
  [
    `password passwords passwd passphrase pass pw pwd root-pw root-passwort root-password admin-passwort ${passwordWords}`,
    saidPassword,
  ],
  [`password passwords passphrase passwd pw root-pw ${passwordWords}`, saidBefore],
  [bytes('passe'), saidPassword],
  [`password passphrase passwort kennwort installation ${passwordWords}`, passwordBelow],
  [
    'credentials creds credential zugangsdaten zugang login logins log-in anmeldung identifiants accesso acceso access idrac ipmi ilo bmc ilom imm xclarity',
    slashedLogin,
  ],
  [[...loginCalls].join(' '), loginCall],
  ['password passwort kennwort passphrase passwd pw', passwordColumn],
  ['wifi.begin wifi.setup', loginCall],
  ['values', insertedRow],
]
