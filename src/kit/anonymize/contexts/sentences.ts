import type {Row} from './rows.js'

const quote = '["\'`]?'
/** A word that may be a machine's name, as people write it in a sentence. */
const machine = `${quote}${String.raw`([a-z][a-z0-9]*(?:-[a-z0-9]+)*)`}${quote}`
/** Likewise, with a capital, too. */
const anyMachine = `${quote}${String.raw`([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)`}${quote}`
/** The end of what is said. */
const end = String.raw`(?=[,;:.!?)]?(?:\s|$))`
/** Several of them: at most six. */
const listed =
  machine + String.raw`(?:(?:, ?(?:and |und |et |y |e )?| and | und | et | y | e |/| & | \+ )${machine})?`.repeat(5)

/** What people say of a machine behind its name, in the languages of most of them; in the form of `bytesOf`. */
export const verbs = [
  "is|was|has|had|does|doesn't|did|didn't|won't|will|would|can|can't|cannot|could|couldn't|isn't|wasn't|hasn't|keeps|kept|went|goes|came|comes|got|gets|became|lost|left",
  'joined|joins|died|dies|crashed|crashes|rebooted|reboots|restarted|restarts|froze|freezes|hung|hangs|failed|fails|stopped|stops|started|starts|boots|booted|runs|ran|shows|showed',
  'says|reports|reported|refuses|refused|drops|dropped|exports|serves|hosts|holds|seems|looks|needs|needed|never|unreachable|offline|down',
  'ist|war|wird|wurde|hat|hatte|kann|konnte|l\u00c3\u00a4uft|lief|startet|startete|bootet|h\u00c3\u00a4ngt|hing|antwortet|reagiert|f\u00c3\u00a4hrt|geht|ging|steht|f\u00c3\u00a4llt|fiel|zeigt',
  "meldet|macht|soll|muss|nicht|wieder|est|\u00c3\u00a9tait|ne|n'\\w+|sera|r\u00c3\u00a9pond|d\u00c3\u00a9marre|red\u00c3\u00a9marre|tombe|plante|fonctionne|affiche",
  'es|est\u00c3\u00a1|no|ha|tiene|dej\u00c3\u00b3|cay\u00c3\u00b3|responde|\u00c3\u00a8|non|era|risponde|\u00c3\u00a9|n\u00c3\u00a3o|heeft|werkt|doet|niet|nie|jest|dzia\u00c5\u0082a',
].join('|')

/** What people call a machine. */
const nouns =
  'node nodes host server machine box hypervisor nas firewall router switch vm ct container guest laptop workstation ' +
  'knoten rechner maschine kiste serveur n\u00c5\u0093ud noeud h\u00c3\u00b4te nodo servidor m\u00c3\u00a1quina macchina knooppunt w\u00c4\u0099ze\u00c5\u0082 serwer'

const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where machines stand in sentences. What is a word is none (`isOdd`). */
export const sentences: readonly Row[] = [
  row(nouns, String.raw`[\w\u0080-\u00ff]+ ${anyMachine} (?:${verbs})(?![\w-])`),
  row(
    nouns,
    String.raw`[\w\u0080-\u00ff]+(?:, ${machine},|(?: name|'s name)? (?:is|ist|est) (?:called |named )?${machine}${end})`,
  ),
  ['vm ct vmid lxc', /\w+ ?\d{3,9}:? ?(?:["'`(]|= ?|\u00e2\u0080\u0093 |: ?["'])([A-Za-z][\w-]*)/],
  ['vm ct container guest', /\w+ ["'`]?([A-Za-z][\w-]*)["'`]? \((?:(?:VM|CT|ID|VMID) ?)?\d{3,9}\)/],
  row(
    'rebooted rebooting reboot reinstalled restarted reinstall ping',
    String.raw`\w+ (?:on )?${machine}(?= (?:twice|again|once|yesterday|today|from scratch|neu|gestern|heute|wieder|hard|remotely|manually|but|works|and)\b|[,;.!?)]?\s*$)`,
    'm',
  ),
  row('into', String.raw`(?<=\b(?:ssh|log|logged|login|telnet|rdp|hop|back) )into ${machine}${end}`),
  row('called named', String.raw`(?<=\b(?:it|is|are|nodes|hosts|server|node|host|machine|was) )\w+ ${machine}${end}`),
  row(
    'on onto auf sur von nach',
    String.raw`(?:[Oo]n|onto|[Aa]uf|[Ss]ur|[Vv]on|nach) ${machine}(?=[,;:.!?)]?\s*$|[,;:)] |[.!?] [A-Z]| (?:and|und|et|but|aber|to|nach|vers|as well|I|it|they|everything|says|shows|because|since|after|before|again|only|too|now|today|yesterday|timed|umziehen|verschieben|verschoben|migrieren|migriert|umgezogen|kopiert|${verbs})\b)`,
    'm',
  ),
  row('from', String.raw`[Ff]rom ${machine}(?= to [\w-]+(?: |[.,;:!?)]|$))`, 'm'),
  row('to', String.raw`(?<=(?<!changed )from ["'\`]?[\w-]{1,40}["'\`]? )to ${machine}${end}`),
  row('ist est', String.raw`ist ${machine} (?:nicht|wieder|noch) (?:mehr )?(?:erreichbar|da|online|gestartet|offline)`),
  row(
    'habe hab haben',
    String.raw`hab\w* ${machine} (?:neu|rebootet|gestartet|aktualisiert|heruntergefahren|migriert|ge\w+)\b`,
  ),
  row('name', String.raw`name (?:is|ist|est|es) ${machine}${end}`),
  row('call called', String.raw`call(?:ed)? it ${machine}${end}`),
  row('but', String.raw`but not (?:on |from |to )?${machine}${end}`),
  [
    'subject',
    /Subject: (?:\[[\w :]+\] |Re: |RE: |AW: |Fwd: )*([A-Za-z][\w-]*):? (?=(?:is |ist )?(?:down|offline|critical|warning|disk|unreachable|ok|failed|reboot|backup|crit|warn|storage|voll|full|problem|recovery)\b)/i,
  ],
  ['firing resolved', /(?:FIRING|RESOLVED)(?::\d+)?\] \w+ \(([a-z][\w-]*)/],
  ['information logwatch result', /\w+ for ["']?([a-z][\w-]*)["']?(?=:| \*| \(|\s*$)/im],
  row(
    'log logs output dump dmesg journal syslog mail',
    String.raw`\w+ (?:from|of|on|von) (?:the )?${machine}(?=:|\s*$)`,
    'm',
  ),
]

/** Likewise several of them; all of them are named so, or none. */
export const lists: readonly Row[] = [
  row(
    'nodes hosts servers cluster knoten server rechner n\u00c5\u0093uds serveurs nodos servidores nodi',
    String.raw`[\w\u0080-\u00ff]+(?: are| were| called| named| hei\u00c3\u009fen| sind| s'appellent| se llaman| si chiamano){1,2} ${listed}${end}`,
  ),
  row(
    'nodes hosts servers cluster knoten server rechner n\u00c5\u0093uds serveurs nodos servidores nodi',
    String.raw`[\w\u0080-\u00ff]+(?:: | \()${listed}(?=[,)]|\.?\s*$)`,
    'm',
  ),
]

/** What machines do: so that it is known which, before it. */
export const doing = new RegExp(
  '(?:' +
    [
      'rebooted|reboots|crashed|froze|hung|booted|is (?:down|offline|unreachable|dead|gone|up again|online again|back|not reachable|not responding|grey|gray|fenced|off)',
      "was (?:down|offline|fenced|rebooted|unreachable|reinstalled)|went (?:down|offline|dark|away)|came (?:back|up)|comes (?:back|up)|won't boot|does not boot|doesn't boot",
      "does not respond|doesn't respond|lost (?:quorum|power|connection|contact)|has (?:crashed|rebooted|been fenced|no network|lost|died)",
      'ist (?:offline|down|weg|tot|aus|nicht erreichbar|nicht mehr|wieder|abgest\u00c3\u00bcrzt|eingefroren|ausgefallen)|h\u00c3\u00a4ngt|bootet|startet nicht|antwortet|reagiert',
      'est (?:hors|en panne|tomb|injoignable|mort)|ne (?:r\u00c3\u00a9pond|d\u00c3\u00a9marre)|est\u00c3\u00a1 (?:ca\u00c3\u00addo|apagado)|no (?:responde|arranca)',
      'non (?:risponde|parte|si avvia)|\u00c3\u00a8 (?:spento|offline|gi\u00c3\u00b9)|nie dzia\u00c5\u0082a',
    ].join('|') +
    ')',
  'yi',
)

/** Likewise where the machine stands before the word. */
export const sentencesAhead: readonly Row[] = [
  row(
    'rebooted reboots crashed froze hung booted is was went came comes won does doesn lost has ist h\u00c3\u00a4ngt bootet startet antwortet reagiert est ne est\u00c3\u00a1 no non \u00c3\u00a8 nie',
    String.raw`(?:^|[.!?:,] |\b(?:[Aa]nd|[Tt]hen|[Nn]ow|[Tt]oday|[Aa]fter that,?|[Yy]esterday,?|but|because|since|[Ww]hen|whenever|if|so|that|dann|und|dass|weil|wenn|aber|only|just|even|nur|et|mais|que) )${machine} $`,
  ),
]

/** Before these, whatever they do. */
export const beside: readonly Row[] = [
  row('vm ct vmid', String.raw`(?:^|[\s(,])${anyMachine} \($`),
  [
    'dell hp hpe supermicro lenovo fujitsu intel amd ryzen xeon epyc optiplex poweredge proliant thinkcentre nuc',
    /^\s*(?:[*+\u00b7-]|\d[.)]|\u00e2\u0080\u00a2)?\s*([A-Za-z][\w-]*) ?(?:\(|:|=|-|\u00e2\u0080[\u0093\u0094]) ?$/,
  ],
]
