/** How one sort of secret looks. */
export interface SecretForm {
  /** What to call it, without quoting it. */
  what: string
  /** The same as one word, for what stands in its place: letters and `-`. */
  word: string
  /** Wherever it stands in a text; the first group, where there is one, is no secret and stays. */
  pattern?: RegExp
  /** In the place of `pattern`, for what is blotted out of logs and messages: there one word too many does no harm. */
  redact?: readonly RegExp[]
  /** In the place of `redact`, for what people are told: pmpc's own words (`no secret: standard input was empty`) must not fit. */
  told?: readonly RegExp[]
  /** In the place of `pattern`, for what is kept out of Git: ordinary text must not fit. */
  withhold?: readonly RegExp[]
}

/** What people write where a secret would stand: stars, a name in brackets, a variable, a file, where to look it up. */
const noSecret =
  /(?![*•]{3}|x{3,}\b|<[^<>\n]*>|\$[{(]|\$[a-z_]+(?![^\s"'])|(?:see|none|n\/a)\b|\[redacted\]|~?\/(?:etc|home|mnt|opt|root|run|srv|usr|var)\/[^\s"']*["']?[^\S\r\n]{0,9}(?:[\r\n\0]|$))/
    .source

/** What a password is called, also where nothing but a blank stands behind it. */
const password =
  /(?:(?<![a-z])(?:pass|pwd?|mdp)|password|passwort|passwd|passphrase|kennwort|mot de passe|contraseña|wachtwoord)/
    .source

/** And what is one only where something says so. */
const key =
  /secret|token|credentials?(?!\W{0,9}[:=]\s{0,9}["']?\/)|(?:api|access|private|secret|client|auth|encryption|master|shared)[_ -]?key/
    .source
const secretWord = `(?:${password}|${key})`

/** Whose it is: `Password for root`, `Password (root)`, `Password is`. */
const qualified = /(?: (?:for|of|on|für|de|pour) [^\s:=|][^\r\n:=|]{0,39}| ?\([^()\r\n]{0,40}\)| is| ist)?/.source

/** Words before a secret, with what may stand between the two: `**Password:** `, `"apikey":`, `DB_PASSWORD=`. Blanks are tried once only, as they may be many. */
const named = secretWord + /["'*_`]{0,2}/.source + qualified + /\s{0,9}[:=][*_`]{0,2}\s{0,9}/.source

/** Words before a user and a password. */
const login = /(?<![a-z]|last )log-?in[*_`]{0,2} {0,9}[:=][*_`]{0,2} {0,9}/.source
const user = /(?<![a-z])user(?:name)?[*_`]{0,2} {0,9}[:=][*_`]{0,2} {0,9}/.source

/** One word of letters and digits, which few words of a sentence are. */
const mixed = /(?=[^\s\d]*\d)(?=[^\sa-z]*[a-z])[^\s\0]{6,}/.source

/** Addresses that are secrets themselves, by what their makers document. The path before the secret is told, so that one knows whose it is. */
const webhooks: readonly RegExp[] = [
  // Slack's placeholder ends with X alone
  /(\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)(?=[\w/-]{0,80}\d)(?![\w/-]*\/X+(?![\w/-]))[\w/-]{20,}/g,
  /(\bdiscord(?:app)?\.com\/api\/(?:v\d{1,3}\/)?webhooks\/\d{5,}\/)[\w-]{20,}/g,
  // Mattermost, Rocket.Chat
  /(:\/\/[^\s/"']{1,255}\/hooks\/)(?=[A-Za-z]{0,40}\d)(?:[a-z0-9]{26}|[A-Za-z0-9]{17,}\/[A-Za-z0-9]{30,})(?![\w-])/g,
  // Teams: of a connector, and of a workflow, whose signature is what counts
  /(\b(?:webhook\.office|outlook\.office|outlook\.office365)\.com\/webhook(?:b2)?\/)[\w@./-]{30,}/g,
  /([?&]sig=)[\w%-]{20,}/g,
  /(\bapi\.telegram\.org\/(?:file\/)?bot)\d{5,}:[\w-]{20,}/g,
  /(\bhooks\.zapier\.com\/hooks\/catch\/\d{1,20}\/)\w{5,}/g,
  /(\bmaker\.ifttt\.com\/trigger\/[^\s/"']{1,80}\/(?:json\/)?with\/key\/)[\w-]{10,}/g,
  /(\bevents\.pagerduty\.com\/integration\/)[0-9a-f]{20,}/g,
  // Feishu and Lark, n8n, healthchecks.io; Home Assistant, Uptime Kuma
  /(\/(?:bot\/v\d\/hook|webhook(?:-test)?)\/|\bhc-ping\.com\/)[0-9a-f]{8}-[0-9a-f-]{27}/g,
  /(\/api\/(?:webhook|push)\/)(?=[A-Za-z_-]{0,80}\d)[\w-]{24,}/g,
  // a key in the query, as Google Chat, WeCom and ntfy have it (a token is one by its name)
  /([?&](?:key|auth)=)(?=[A-Za-z_-]{0,80}\d)[\w%-]{16,}/g,
]

/**
 * The one table of secrets by their form: for logs and messages, and for what is about to be committed. `redactText` looks at a text only where it holds
 * `=`, `:`, `-----` or a word of 15 characters, `secretsIn` also where it holds `|` or a word for a password: a form that can do without all of these
 * has to be named there.
 */
export const secretForms: readonly SecretForm[] = [
  {
    what: 'a private key',
    word: 'private-key',
    pattern:
      /-----BEGIN (?:[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {what: 'an AWS access key', word: 'aws-key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g},
  {what: 'a GitHub token', word: 'github-token', pattern: /\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{20,}/g},
  {what: 'a GitLab token', word: 'gitlab-token', pattern: /\bglpat-[\w-]{20,}/g},
  {what: 'a Slack token', word: 'slack-token', pattern: /\bxox[abprs]-[\w-]{10,}/g},
  {what: 'a JSON Web Token', word: 'jwt', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{5,}/g},
  {
    what: 'a Proxmox VE API token',
    word: 'api-token',
    redact: [
      // PVEAPIToken=user@realm!name=secret, also as the realms of PBS and PMG spell it
      /((?:PVE|PBS|PMG)APIToken[=:\s]\s*[^\s!=:;,"']+![^\s=:;,"']+[=:])[^\s"',;]+/gi,
      // a bare token: user@realm!name=uuid
      /(?<![\w.+-])([\w.+-]+@[\w.-]+![\w.-]+[=:])[0-9a-f]{8}-[0-9a-f-]{20,}/gi,
    ],
    withhold: [/(@[\w.-]+![\w.-]+[=:])[0-9a-f]{8}-[0-9a-f-]{20,}/gi],
  },
  {
    what: 'a ticket or a header of a session',
    word: 'ticket',
    redact: [
      // PVE:user@realm:HEX::signature, PVEVNC:…, and the cookie that carries one
      /\b((?:PVE|PBS|PMG)(?:VNC|TFA|Mail)?:[^\s:"';]*:)[^\s"',;]+/g,
      /((?:PVE|PBS|PMG)AuthCookie=)[^\s;"']+/gi,
      /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer)\s+)?)(?!(?:PVE|PBS|PMG)APIToken)[^\s"',;]+/gi,
      /\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
      /\b(CSRFPreventionToken["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
    ],
    withhold: [
      /\b((?:PVE|PBS|PMG)(?:VNC|TFA|Mail)?:[^\s:"';]+:[0-9A-F]{8}::)[^\s"',;]+/g,
      new RegExp(/((?:PVE|PBS|PMG)AuthCookie=)/.source + noSecret + /[^\s;"']{4,}/.source, 'gi'),
      new RegExp(
        /\b(authorization["']?\s{0,9}[:=]\s{0,9}["']?(?:basic|bearer)\s{1,9})/.source +
          noSecret +
          /[^\s"',;]{8,}/.source,
        'gi',
      ),
    ],
  },
  {
    // Whoever has the address may post. What says where it goes stays; a template (`{{ secrets.x }}`), and what is too short, is none.
    what: 'the address of a webhook',
    word: 'webhook',
    withhold: webhooks,
    redact: webhooks,
  },
  {
    what: 'a password in a URL',
    word: 'url-password',
    redact: [/(:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/g],
    withhold: [new RegExp(/(:\/\/[^\s/:@"']*:)/.source + noSecret + /[^\s/"']+(?=@)/.source, 'gi')],
  },
  {
    what: 'a password or a key',
    word: 'password',
    // in a query, a command line or a message
    redact: [/((?:password|passwd|passphrase|secret|\bticket)["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi],
    told: [/((?:password|passwd|passphrase|secret|\bticket)["']?[:=]["']?)[^\s"'&,;}]+/gi],
    // In quotes what is in them, else the rest of the line: a password may hold blanks and commas, and half of one must not stay.
    withhold: [
      new RegExp(`(${named}")${noSecret}` + /(?:\\.|[^\\"\r\n\0]){4,}/.source, 'gi'),
      new RegExp(`(${named}')${noSecret}` + /(?:\\.|[^\\'\r\n\0]){4,}/.source, 'gi'),
      new RegExp(`(${named})(?!["'])${noSecret}` + /(?=\S{4})[^\r\n\0]*[^\s\0]/.source, 'gi'),
      // `| Password | hunter2 |`; not the head of a table, below which lines are drawn
      new RegExp(
        `(\\|${/[ *_`]{0,9}(?:[\w.@-]{1,20} ){0,2}/.source}${secretWord}${qualified}[*_\`: ]{0,9}\\| {0,9}[*_\`]{0,2})${noSecret}` +
          /(?![*_`])(?=[^\s|]{4})[^|\r\n]*[^|\s*_`](?=[ *_`]{0,9}\|(?![^\r\n]*\r?\n[ |:]{0,9}--))/.source,
        'gi',
      ),
      // in a sentence: `root pw hunter2`, `the password is hunter2`, `Password - hunter2`
      new RegExp(
        `(${password}${/["'*_`]{0,2}(?: (?:is|ist|was|[-–—]|[-=]>|→))? {1,9}["'`]?/.source})(?!["'\`])${noSecret}${mixed}`,
        'gi',
      ),
      /((?<![a-z])pin(?:[ -]?code)?[*_`]{0,2}\s{0,9}[:=][*_`]{0,2}\s{0,9}["']?)\d{4,}/gi,
      // `login: root / hunter2`; neither a host with a path, nor two people
      new RegExp(
        `(${login}(?:${/[^\s/:|]{1,40} {1,3}\/ {1,3}|(?:root|admin)[/:]/.source}))${noSecret}[^\\s\\0]{4,}`,
        'gi',
      ),
      new RegExp(`(${user}${/[^\s/:|]{1,40} {0,3}\/ {0,3}/.source})${noSecret}${mixed}`, 'gi'),
    ],
  },
]

/** All forms hold one of these, or are one long word. */
const maySecret = new RegExp(`[=:|]|-----|\\S{15}|${password}`, 'i')

/** A part of a text that is a secret. */
export interface FoundSecret {
  form: SecretForm
  /** Where it begins and ends in the text. */
  start: number
  end: number
}

/** The secrets in a text, in order, none within another. What pmpc put in the place of one is none. */
export function secretsIn(text: string): FoundSecret[] {
  if (!maySecret.test(text)) return []
  const found = secretForms.flatMap((form) =>
    (form.withhold ?? (form.pattern ? [form.pattern] : [])).flatMap((pattern) => {
      // Nearly no text fits, and `matchAll` makes a new expression each time.
      if (text.search(pattern) < 0) return []
      return [...text.matchAll(pattern)].map((match) => ({
        form,
        start: match.index + (match[1]?.length ?? 0),
        end: match.index + match[0].length,
      }))
    }),
  )
  const merged: FoundSecret[] = []
  // What begins first names all that overlaps it; of two, the first in the table, as sorting keeps their order.
  for (const one of found.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && one.start < last.end) last.end = Math.max(last.end, one.end)
    else merged.push(one)
  }
  return merged
}

/** Names of keys whose values are secrets whatever they look like: PVE's own (`cipassword`, `ticket`), headers, and what people call theirs. */
export const secretName =
  /pass(word|wd|phrase)?$|^(ci)?password|secret|^(value|token)$|tokensecret|api.?token|ticket|csrf|authorization|cookie|credential|private.?key|^key$|^tls.?key|otp$/i

/** Flags of programs whose value is a secret. */
export const secretFlag = /^--?[\w-]*(?:password|secret)$/i

/** What a key that Proxmox VE does not know says of its value by its name, the gravest word first. */
const telling: readonly {name: RegExp; what: string; word: string}[] = [
  {name: /passw(?:or[dt]|d)|passphrase|kennwort/i, what: 'a password', word: 'password'},
  {name: /secret/i, what: 'a secret', word: 'secret'},
  {name: /token/i, what: 'a token', word: 'token'},
  {name: /credential/i, what: 'credentials', word: 'credentials'},
  {
    name: /api[_-]?key|(?<!pub(?:lic)?)(?:^|[_.-])key$|(?:private|access|client|auth|encryption|master|shared)[_-]?key/i,
    what: 'a key',
    word: 'key',
  },
]

/** What a key's name says that its value is; undefined where it says nothing of a secret. */
export function namedSecret(key: string): {what: string; word: string} | undefined {
  // Nearly no key has one of these words in it.
  return /pass|secret|token|credential|key|kennwort/i.test(key) ? telling.find(({name}) => name.test(key)) : undefined
}

/** Switches, and numbers of at most three digits, are settings whatever their key's name says: `token_auth: 1`, `password_length: 12`. */
export function isSetting(value: string | number): boolean {
  return /^(?:|true|false|yes|no|on|off|-?\d{1,3})$/i.test(String(value))
}
