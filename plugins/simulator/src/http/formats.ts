import type {Random} from '../state/random.js'
import {printJson} from '../calls/print.js'

export const jsonType = 'application/json;charset=UTF-8'

/** A form of answers, named by the part of the path after /api2. Fact: proxmox/pve-http-server, Formatter/Standard.pm. */
export interface Format {
  type: string
  /** Answers are always 200; `success` and `status` stand inside. */
  wraps?: boolean
  print: (answer: Record<string, unknown>, random: Random) => string
}

function printViewerFile({data, message}: Record<string, unknown>): string {
  if (typeof data !== 'object' || data === null) return String(message ?? '')
  const lines = Object.entries(data).map(([key, value]) => `${key}=${String(value)}`)
  return ['[virt-viewer]', ...lines, ''].join('\n')
}

export const jsonFormat: Format = {type: jsonType, print: printJson}

export const formats: ReadonlyMap<string, Format> = new Map([
  ['json', jsonFormat],
  ['extjs', {type: jsonType, wraps: true, print: printJson}],
  ['htmljs', {type: 'text/html;charset=UTF-8', wraps: true, print: printJson}],
  ['spiceconfig', {type: 'application/x-virt-viewer;charset=UTF-8', print: printViewerFile}],
])
