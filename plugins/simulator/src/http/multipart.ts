import {randomBytes} from 'node:crypto'
import type {Params} from '../contract/schema.js'
import {TransportError} from './params.js'
import {type Upload} from '../calls/call.js'

const uploadPath = /^\/nodes\/[^/]+\/storage\/[^/]+\/upload$/

/** Whether a request is the one that takes files. It needs no CSRF token: PVE takes it from plain HTML forms. */
export const isUpload = (verb: string, path: string): boolean => verb === 'POST' && uploadPath.test(path)

/** The boundary of a multipart body. @throws TransportError 506 for any other body */
export function boundaryOf(contentType: string | undefined): string {
  const match = /^multipart\/form-data\s*[;,].*?boundary\s*=\s*"?([^\s";,]+)/i.exec(contentType ?? '')
  if (!match) throw new TransportError(506, `upload 'Content-Type '${contentType ?? ''}' not implemented`)
  return match[1]!
}

/** Fields that may stand before the file, in this order; others are passed over. Fact: pve-http-server, PVE/APIServer/AnyEvent.pm (file_upload_multipart). */
const fieldOrder = ['content', 'checksum-algorithm', 'checksum']

interface Part {
  name: string
  filename?: string
  data: Buffer
}

function readPart(raw: Buffer): Part | undefined {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, end).toString('utf8')
  const disposition = /^content-disposition:\s*([^;\r\n]+)(.*)$/im.exec(head)
  if (end < 0 || !disposition) return undefined
  if (disposition[1]!.trim() !== 'form-data') {
    const problem = `wrong Content-Disposition '${disposition[1]}' in multipart, expected 'form-data'`
    throw new TransportError(501, problem)
  }
  const name = /\bname="([^"]*)"/.exec(disposition[2]!)?.[1] ?? ''
  const filename = /\bfilename="([^"]+)"/.exec(disposition[2]!)?.[1]
  return {name, data: raw.subarray(end + 4), ...(filename !== undefined && {filename: filename.trim()})}
}

function partsOf(body: Buffer, boundary: string): Part[] {
  const delimiter = Buffer.from(`--${boundary}`)
  const parts: Part[] = []
  let at = body.indexOf(delimiter)
  while (at >= 0) {
    const start = at + delimiter.length
    const next = body.indexOf(delimiter, start)
    if (next < 0) break
    // Between two delimiters: a line's end, the part, a line's end.
    const part = readPart(body.subarray(start + 2, next - 2))
    if (part) parts.push(part)
    at = next
  }
  return parts
}

/** Reads a form with a file: its fields as parameters. @throws TransportError 501 when there is no file, or under another name */
export function parseMultipart(body: Buffer, boundary: string): {params: Params; upload: Upload} {
  const parts = partsOf(body, boundary)
  const file = parts.find(({filename}) => filename !== undefined)
  if (!file) throw new TransportError(501, 'upload failed')
  if (file.name !== 'filename')
    throw new TransportError(501, `wrong field name '${file.name}' for file upload, expected 'filename'`)
  const before = parts.slice(0, parts.indexOf(file))
  const params: Params = {filename: file.filename}
  let rank = -1
  for (const {name, data} of before) {
    const place = fieldOrder.indexOf(name)
    if (place <= rank) continue
    rank = place
    params[name] = data.toString('utf8').trim()
  }
  const path = `/var/tmp/pveupload-${randomBytes(16).toString('hex')}`
  params.tmpfilename = path
  return {params, upload: {path, data: file.data}}
}
