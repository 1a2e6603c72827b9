import type {Row} from './rows.js'

/** An account as Unix has it, and as Windows may. */
const account = String.raw`([a-z][\w.-]*\w)`
const anyAccount = String.raw`([A-Za-z][\w.-]*\w)`
const host = String.raw`([A-Za-z][\w-]*)`
const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where accounts stand in what sshd, sudo, cron, LDAP, Kerberos and Windows write. */
export const loggedAccounts: readonly Row[] = [
  row('for', String.raw`(?<=(?:[Pp]assword|expiry|publickey\)|changed|exceeded) )for ${account}(?=:|\s*$| from)`, 'm'),
  row('add', String.raw`add '${account}' to`),
  row('su', String.raw`su: (?:FAILED SU )?\(to [\w.-]+\) ${account} on`),
  row('failed', String.raw`FAILED SU \(to [\w.-]+\) ${account} on`),
  row('user', String.raw`user ${account}(?= [\da-f]+[.:][\da-f.:]+ port)`),
  row('crontabs', String.raw`crontabs\/${account}`),
  row('uid', String.raw`(?<=(?:^|\n))uid: ${account}`),
  row('uid samaccountname userprincipalname cn memberuid', String.raw`(?<=\()\w+=${anyAccount}(?=[)*])`),
  row('account', String.raw`(?:(?<=Logon )Account|Account Name):\s+${anyAccount}`),
  row('user', String.raw`User name {2,}${anyAccount}`),
]

/** Likewise before the word. */
export const loggedAhead: readonly Row[] = [['is', /(?:^|\s)([a-z][\w.-]*) $/, /is not in the sudoers/y]]

/** Where hosts of Windows stand, and those that Kerberos has services on. */
export const loggedHosts: readonly Row[] = [
  row('workstation', String.raw`Workstation(?: Name)?:\s+${host}`),
  row('computer', String.raw`Computer(?: Name)?:\s+${host}`),
  row(
    'computername pscomputername',
    String.raw`\w+[ \t]{0,12}[:= ][ \t]{0,12}["']?${host}(?:,["']?${host})?(?:,["']?${host})?`,
    'i',
  ),
  row(
    'new-vm set-vm start-vm stop-vm get-vm remove-vm',
    String.raw`[\w-]+ (?:-(?:VM)?Name )?["']?${host}(?=["']?(?: -|\s*$))`,
    'im',
  ),
  row('mstsc', String.raw`mstsc \/v:${host}`),
  row('psexec', String.raw`psexec \\{2,4}${host}`),
  row('getaddrinfo', String.raw`getaddrinfo for ${host}(?= \[)`),
  row(
    'host http ldap cifs nfs dns wsman termsrv restrictedkrbhost gc',
    String.raw`\w+\/${host}(?=(?:\.[\w.-]+)?@[A-Z])`,
  ),
]

/** Where realms and domains of accounts stand. */
export const realms: readonly Row[] = [
  row('realm', String.raw`realm ["']?${host}["']? (?:does|is|was|not|already)\b`),
  row('domain', String.raw`(?<=authentication )domain ["']${host}["']`),
  row('domain', String.raw`domain\/${host}(?=[\]/])`),
  row('domainname', String.raw`DomainName ${host}`, 'i'),
  row('nltest', String.raw`nltest \/\w+:${host}`),
  row('host http ldap cifs nfs dns wsman termsrv gc', String.raw`\w+\/[\w.-]{1,80}@([A-Z][A-Z0-9-]*)(?![\w.])`),
]

/** Names of groups, roles, pools, of code and of folders of companies. */
export const ownNames: readonly Row[] = [
  row('group', String.raw`(?<=new )group: name=${host}`),
  row('pool', String.raw`(?<=[:\s"']\/)pool\/${host}`),
  row(
    'branch',
    String.raw`branch ["']?(?!(?:feature|feat|hotfix|bugfix|fix|release|origin|upstream|renovate|dependabot)\/)${host}\/`,
  ),
  row('into', String.raw`(?<=Cloning )into '${host}'`),
  row('name', String.raw`name["']: ?["']@${host}\/`),
  row('srv opt www vhosts repos projects mnt media', String.raw`(?<=\/)\w+\/${host}(?=\/)`),
  row('home users', String.raw`(?:home|Users)\/[\w.-]{1,40}\/${host}(?:\/${host})?(?=\/)`),
  row('root', String.raw`(?<=(?:^|[\s"'=:(])\/)root\/${host}(?:\/${host})?(?=\/)`),
  row(
    'github.com gitlab.com bitbucket.org codeberg.org',
    String.raw`(?<=(?:clone|url ?=|origin|remote:|git::|repository:|repoURL:)[ \t]{0,3}"?(?:https?|ssh):\/\/(?:[\w.:-]{1,60}@)?)[a-z.]+\/${host}\/`,
  ),
]
