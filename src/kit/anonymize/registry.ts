import {namedSecret, secretName} from '../secrets/index.js'
import {wireKinds} from '../resources/kinds/on-wire.js'
import {keyTables, type Schema} from '../values/schema.js'
import {lower} from './bytes.js'
import type {FindKind} from './model.js'

/** What stands behind a key: a kind of find; `names` are several, `text` is looked through, and nothing of it is a name. */
export type Behind = FindKind

/** What the formats of PVE's contracts hold, that cannot be told from a value's own look. */
const formats: Readonly<Record<string, Behind>> = {
  'pve-node': 'host',
  'dns-name': 'host',
  'dns-name-list': 'domain',
  address: 'host',
  'pve-storage-server': 'host',
  'pve-storage-portal-dns': 'host',
  'pve-userid': 'user',
  'pve-groupid': 'name',
  'pve-storage-id': 'name',
  'pve-poolid': 'name',
  'pve-realm': 'realm',
  'pve-storage-vgname': 'name',
}

/** Keys of programs other than PVE, of PVE's files and answers, and of what people write. */
const others: Readonly<Record<string, Behind>> = {
  host: 'host',
  hostname: 'host',
  hostaddr: 'host',
  fqdn: 'host',
  node: 'host',
  nodename: 'host',
  node_name: 'host',
  nodeid_name: 'host',
  target_node: 'host',
  'target-node': 'host',
  targetnode: 'host',
  'preferred-node': 'host',
  'backup-id': 'host',
  migratedfrom: 'host',
  servername: 'host',
  server_name: 'host',
  server: 'host',
  server2: 'host',
  rhost: 'host',
  logname: 'user',
  ruser: 'user',
  _hostname: 'host',
  syslog_hostname: 'host',
  monhost: 'host',
  mon_host: 'host',
  portal: 'host',
  hostkeyalias: 'host',
  inventory_hostname: 'host',
  ansible_host: 'host',
  ansible_hostname: 'host',
  ansible_fqdn: 'host',
  ansible_user: 'user',
  ring0_addr: 'host',
  ring1_addr: 'host',
  searchdomain: 'domain',
  search: 'domain',
  domain: 'domain',
  dnszone: 'domain',
  reversedns: 'domain',
  username: 'user',
  user: 'user',
  userid: 'user',
  user_name: 'user',
  ciuser: 'user',
  acct: 'user',
  login: 'user',
  utilisateur: 'user',
  identifiant: 'user',
  p4user: 'user',
  sec_name: 'user',
  secname: 'user',
  benutzer: 'user',
  benutzername: 'user',
  usuario: 'user',
  gebruikersnaam: 'user',
  owner: 'user',
  pool: 'name',
  poolid: 'name',
  groupid: 'name',
  realm: 'realm',
  firstname: 'person',
  lastname: 'person',
  first_name: 'person',
  last_name: 'person',
  author: 'person',
  fullname: 'person',
  surname: 'person',
  givenname: 'person',
  given_name: 'person',
  family_name: 'person',
  displayname: 'person',
  display_name: 'person',
  realname: 'person',
  real_name: 'person',
  full_name: 'person',
  gecos: 'person',
  serial: 'serial',
  serialnumber: 'serial',
  serialno: 'serial',
  id_serial_short: 'serial',
  datastore: 'name',
  volumetag: 'serial',
  serialno_a: 'serial',
  serialno_b: 'serial',
  'serial-number': 'serial',
  serial_number: 'serial',
  serverid: 'serial',
  sn: 'serial',
  svctag: 'serial',
  servicetag: 'serial',
  guid: 'uuid',
  pool_guid: 'uuid',
  vdev_guid: 'uuid',
  proxmox_node: 'host',
  'lxc.uts.name': 'host',
  utsname: 'host',
  clustername: 'name',
  cluster_name: 'name',
  groups: 'name',
  accountkey: 'key',
  sharedaccesskey: 'key',
  accountname: 'name',
  bucket: 'name',
  session: 'token',
  sessionid: 'token',
  b2_account_id: 'token',
  routingkey: 'token',
  routing_key: 'token',
  integration_key: 'token',
  service_key: 'token',
  session_id: 'token',
  jsessionid: 'token',
  phpsessid: 'token',
  sid: 'token',
  wachtwoord: 'password',
  pw: 'password',
  pwd: 'password',
  rootbindpw: 'password',
  salt: 'token',
  pepper: 'token',
  ovh_ak: 'token',
  ovh_as: 'token',
  ovh_ck: 'token',
  project_id: 'name',
  client_id: 'serial',
  zone_id: 'uuid',
  account_id: 'uuid',
  cf_zone_id: 'uuid',
  cf_account_id: 'uuid',
  'l\u00c3\u00b6senord': 'password',
  workgroup: 'name',
  'client-key-data': 'key',
  'client-certificate-data': 'key',
  'certificate-authority-data': 'key',
  ldap_default_authtok: 'password',
  authtok: 'password',
  bindpw: 'password',
  olcrootpw: 'password',
  otp: 'password',
  otp_seed: 'password',
  totp: 'password',
  otp_secret: 'password',
  totp_secret: 'password',
  masterauth: 'password',
  requirepass: 'password',
  authmode: 'realm',
  ssid: 'name',
  essid: 'name',
  bind_pw: 'password',
  rootpw: 'password',
  psk: 'password',
  community: 'password',
  rocommunity: 'password',
  rwcommunity: 'password',
  passcode: 'password',
  fsid: 'uuid',
  uuid: 'uuid',
  _machine_id: 'uuid',
  machine_id: 'uuid',
  ansible_machine_id: 'uuid',
  'machine-id': 'uuid',
  _boot_id: 'uuid',
  boot_id: 'uuid',
  invocation_id: 'uuid',
  _systemd_invocation_id: 'uuid',
  wwid: 'serial',
  ansible_product_serial: 'serial',
  product_serial: 'serial',
  share: 'path',
  export: 'path',
  publickey: 'key',
  subject: 'certificate',
}

/** Words that look like a secret's name, and whose values are settings, names or texts. */
const harmless =
  /_maps$|^check_|token_?(?:name|id)$|^(?:pveapitoken|pbsapitoken|pmgapitoken|authorization|tokenid|token_id|token-id|tokenname|token_name|passwd_?file|password-secret|password_?(?:file|length|auth\w*|prompt)|passwordauthentication|keyboard|keyctl|keys?_?(?:file|path|id|name|size|type|bits|usage)|key|secret_?name|tokens|keytab|authorized_?keys(?:_?file)?|cookie_?name|cookies?|ticket_?lifetime|value|privatekeyfile|sshkeys?|ssh_?keys?|ssh_?public_?keys?|public_?key|identityfile|max_tokens|credential_?source)$/i

// Follows from the rows and the contracts, and never changes once made.
let table: ReadonlyMap<string, Behind> | undefined

/**
 * What stands behind a key of a configuration, an answer or a command line, from the rows of the kinds and the formats of the contracts, and
 * else from what such keys are called anywhere.
 */
export function behindKey(key: string): Behind | undefined {
  const name = lower(key)
  return (table ??= fromRows()).get(name) ?? secretBehind(name)
}

function secretBehind(name: string): Behind | undefined {
  if (harmless.test(name)) return undefined
  const word = namedSecret(name)?.word
  if (word === undefined && /(?:^|[a-z_-])pwd?$/.test(name) && name.length > 3) return 'password'
  if (word !== undefined) return word === 'key' || word === 'token' ? word : 'password'
  return secretName.test(name) ? 'token' : undefined
}

function fromRows(): ReadonlyMap<string, Behind> {
  const found = new Map<string, Behind>()
  const add = (key: string, {format}: Schema) => {
    const kind = typeof format === 'string' ? formats[format] : undefined
    if (kind !== undefined) found.set(lower(key.replace(/\[n\]$/, '')), kind)
  }
  const {formats: maps, kinds} = keyTables()
  for (const map of Object.values(maps)) for (const [key, schema] of Object.entries(map)) add(key, schema)
  for (const {keys} of Object.values(kinds)) for (const [key, schema] of Object.entries(keys)) add(key, schema)
  for (const [key, kind] of Object.entries(others)) found.set(key, kind)
  for (const {secret = {}} of wireKinds)
    for (const path of Object.keys(secret)) {
      const key = lower(path.split('.').at(-1)!)
      if (!general.has(key)) found.set(key, /pass/.test(key) ? 'password' : /token/.test(key) ? 'token' : 'key')
    }
  // What is called so in other places is no secret.
  for (const key of ['data', 'file', 'dir', 'path', 'device', 'volume', 'name', 'id', 'type', 'base', 'content'])
    found.delete(key)
  return found
}

/** Keys that hide a secret in the rows of one kind, and are common words everywhere else. */
const general: ReadonlySet<string> = new Set(['keys', 'key', 'data', 'header', 'value', 'secret', 'token'])

/** Keys of texts that people write as they like. */
export const isNote = (key: string): boolean => /^(?:description|comment|notes?|note_text)$/i.test(key)
