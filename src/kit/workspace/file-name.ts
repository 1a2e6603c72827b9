/** Names that Windows takes for devices, with any ending behind them. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** Names under which NTFS knows `.git` as well. */
const shortGit = /^git~\d/i

/** What a name of a file may not hold somewhere, and `%`, which marks the rest. */
const unsafe = /[%\\:*?"<>|\s\p{Cc}]|[^\0-\x7f]/gu

/** Characters of one part; with the ending it stays below the 255 bytes of all file systems. */
const longest = 150

/**
 * The file in which an object's manifest begins its life, without the ending: its id, where PVE's ids are not names of files
 * percent-encoded. `.git` is no name that Git would take, `.dot` one that pmpc would not read, `con` one that Windows would not
 * write; PVE allows all three as pools. Two ids never give one name. People may move the file: its name says nothing.
 */
export function fileNameOf(id: string | number): string {
  const parts = String(id).split('/')
  return parts.map((part, at) => safePart(part, at < parts.length - 1)).join('/')
}

function safePart(part: string, isFolder: boolean): string {
  const safe = part
    .replaceAll(unsafe, encoded)
    .replace(/^\./, encoded)
    .replace(/\.$/, encoded)
    .replace(device, (name) => encoded(name[0]!) + name.slice(1))
    .replace(shortGit, (name) => encoded(name[0]!) + name.slice(1))
  // A folder `a.yaml` would stand where the manifest of `a` belongs.
  const named = isFolder ? safe.replace(/\.(?=ya?ml$)/i, encoded) : safe
  return named.length <= longest ? named : `${named.slice(0, longest - 20)}%~${checksum(part)}`
}

function encoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** Tells long names apart that begin alike. */
function checksum(text: string): string {
  const {createHash} = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
