import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {checksum, keptFolder} from '../../src/kit/files/kept.js'

/** The file in which pmpc keeps what it need not read again. @param env of the command that kept it; this process's own unless given */
export function keptFile(root: string, name: string, env?: Record<string, string>): string {
  const folder = keptFolder(root, env)
  const found = readdirSync(folder).find((file) => file.startsWith(`${name}-`) || file.startsWith(`${name}.`))
  return path.join(folder, found!)
}

/** Changes what is kept so that it is believed: an answer then shows where it came from. */
export function changeKept<About>(file: string, change: (kept: {about: About; text: string}) => void): void {
  const whole = readFileSync(file, 'utf8')
  const end = whole.indexOf('\n')
  const {about, ...header} = JSON.parse(whole.slice(0, end)) as {about: About}
  const kept = {about, text: whole.slice(end + 1)}
  change(kept)
  const changed = {...header, about: kept.about, checksum: checksum(kept.text)}
  writeFileSync(file, `${JSON.stringify(changed)}\n${kept.text}`)
}
