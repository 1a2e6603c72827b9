import {createHash} from 'node:crypto'
import type {Config, Guest} from './model.js'

/** SHA-1 in hex. */
export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')

/** Escapes a line of a description as config files hold it: `:`, `%`, control and non-ASCII bytes percent-encoded. */
function encodeLine(line: string): string {
  let out = ''
  for (const byte of Buffer.from(line, 'utf8')) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x3a && byte !== 0x25
    out += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

function section(config: Config, extra: Record<string, string | number | undefined> = {}): string {
  let text = ''
  const {description, ...rest} = config
  const values: Record<string, string | number | undefined> = {...rest, ...extra}
  if (description !== undefined) for (const line of String(description).split('\n')) text += `#${encodeLine(line)}\n`
  for (const key of Object.keys(values).sort()) if (values[key] !== undefined) text += `${key}: ${values[key]}\n`
  return text
}

/** The text of a guest's configuration file, as PVE writes it. Facts: qemu-server, PVE/QemuServer.pm (write_vm_config); pve-container, PVE/LXC/Config.pm (write_pct_config). */
export function configText(guest: Guest): string {
  const {env, ...config} = guest.config
  let text = section(config, {lock: guest.lock, parent: guest.parent})
  if (env !== undefined) for (const one of String(env).split('\0')) text += `lxc.environment.runtime: ${one}\n`
  for (const [key, value] of guest.lxc ?? []) text += `${key}: ${value}\n`
  const removals = Object.entries(guest.pendingDelete).map(([key, force]) => (force === 2 ? `!${key}` : key))
  if (removals.length > 0 || Object.keys(guest.pending).length > 0) {
    const head = guest.type === 'qemu' ? '[PENDING]' : '[pve:pending]'
    text += `\n${head}\n${section(guest.pending, {delete: removals.length > 0 ? removals.sort().join(',') : undefined})}`
  }
  if (guest.cloudinit) text += `\n[special:cloudinit]\n${section(guest.cloudinit)}`
  for (const name of Object.keys(guest.snapshots).sort()) {
    const {config, description, ...rest} = guest.snapshots[name]!
    text += `\n[${name}]\n${section({...config, ...(description !== undefined && {description})}, rest)}`
  }
  return text
}

const digests = new WeakMap<Guest, {text: string; digest: string}>()

/** The digest of a guest's configuration file. */
export function guestDigest(guest: Guest): string {
  const text = configText(guest)
  const known = digests.get(guest)
  if (known?.text === text) return known.digest
  const digest = sha1(text)
  digests.set(guest, {text, digest})
  return digest
}
