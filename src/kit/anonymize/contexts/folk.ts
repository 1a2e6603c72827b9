import type {Row} from './rows.js'

/** A word in capitals, as people write a name. */
const cap = String.raw`[A-Z\u00c3-\u00c5][\w'\u0080-\u00ff-]+`
/** An account, as programs write it. */
const account = String.raw`([A-Za-z][\w.-]*)`
const person = String.raw`((?:${cap} ?){1,3})`
const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where people stand: below letters, above them, and in their heads. */
export const people: readonly Row[] = [
  row(
    'sincerely gruss gr\u00c3\u00bc\u00c3\u009fen gruessen gruesse vg lg mfg cordialement vous amiti\u00c3\u00a9s saludos saludo atentamente atentamento groet groeten groetjes pozdrawiam pozdrowienia h\u00c3\u00a4lsning h\u00c3\u00a4lsningar hilsen hilsner saluti cumprimentos abra\u00c3\u00a7o ystaviisin',
    String.raw`[\w\u0080-\u00ff]+[,.!]?\s{1,6}${person}(?=\s*(?:\r?\n|$))`,
  ),
  row(
    'sr sra srta estimado estimada gentile caro cara cher ch\u00c3\u00a8re cze\u00c5\u009b\u00c4\u0087 witam pan pani szanowny szanowna heer mevrouw mevr dhr k\u00c3\u00a4re kj\u00c3\u00a6re geehrter geehrte',
    String.raw`[\w\u0080-\u00ff]+\.? (?:(?:Sig|Sr|Sra|Dott|Ing|Dr|Prof)\.?a? )?${person}`,
  ),
  row('m', String.raw`M\. ${person}(?=[,.:\s]|$)`),
  row('beste', String.raw`(?<=(?:^|\n))Beste ${person}(?=[,!])`),
  row(
    'technician techniker technikerin ansprechpartnerin engineer betreuer sachbearbeiter beheerder referent referente',
    String.raw`\w+: ?${person}`,
  ),
  row('call', String.raw`(?<=[Oo]n[ -])call:? ${person}(?=\s*$|[,;(])`, 'm'),
  row(
    'von an de \u00c3\u0080 to from cc bcc para da fra til',
    String.raw`(?<=(?:^|\n)[> ]{0,6})[\w\u0080-\u00ff]+ ?: ?${person}(?:; ?${person})?(?:; ?${person})?(?=\s*(?:\r?\n|$))`,
  ),
]

/** Likewise in sentences; words are none. */
export const peopleSaid: readonly Row[] = [
  row(
    'with to mit',
    String.raw`(?<=\b(?:discussed|discuss|agreed|spoke|spoken|talked|talk|chat|chatted|met|meeting|checked|check|confirmed|reached out|write|wrote|R\u00c3\u00bccksprache|Absprache|abgesprochen|besprochen) )\w+ (${cap}(?: ${cap})?)`,
  ),
  row(
    'laptop pc handy phone notebook rechner',
    String.raw`(?<=# ?)\w+ (?:von |of |for |f\u00c3\u00bcr )?(${cap})(?=\s*$)`,
    'm',
  ),
]

/** Likewise before a word. */
export const peopleAhead: readonly Row[] = [row('here speaking', String.raw`(?:^|[.!,] )(${cap}) $`)]

/** Where accounts stand: in discussions, and in the remarks of whoever changed something. */
export const accounts: readonly Row[] = [
  row('by', String.raw`by:? @?${account}(?= \d{4}-\d\d| (?:on|at|am) \d| \d\d?[./]\d\d?[./])`),
  row('by', String.raw`(?<=[A-Z]\w{2,14} )by: ([a-z][\w.-]*)`),
  row(
    'changed edited modified updated added ge\u00c3\u00a4ndert angelegt erstellt modifi\u00c3\u00a9',
    String.raw`[\w\u0080-\u00ff]+:? (?:on |am )?(?:\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{2,4}),? (?:by |von |durch |par )?([a-z][\w.-]*)(?=\s*$|[,:)])`,
    'm',
  ),
  row('oncall on-call bereitschaft', String.raw`[\w-]+: ?([a-z][\w.-]*)(?=\s*$|[,;])`, 'm'),
]

/** Likewise before a word, with what follows. */
export const accountsAhead: readonly Row[] = [
  [
    'commented opened assigned closed merged mentioned approved pushed referenced self-assigned replied requested reopened labeled',
    /^\s*([A-Za-z][\w-]*) $/,
    /[\w-]+(?: (?:this|on|\d|a |last|yesterday|an |the |and|as|to|your)|\s*$)/y,
  ],
  ['said schrieb', /^\s*([A-Za-z][\w.-]*) $/, /\w+:[ \t]*(?:\r?\n|$)/y],
]

/** Names of those whose code it is, by where it is. */
export const owners: readonly Row[] = [
  row('github.com gitlab.com bitbucket.org codeberg.org', String.raw`[a-z.]+:([A-Za-z][\w.-]*)\/`),
]
