import {deflateSync, crc32} from 'node:zlib'

const width = 800
const height = 200

export interface Line {
  /** As 0xRRGGBB. */
  colour: number
  /** From left to right; undefined leaves a gap. */
  values: (number | undefined)[]
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** Puts a line on the canvas, whose top is the greatest value of all lines. */
function drawLine(pixels: Buffer, {colour, values}: Line, top: number): void {
  for (let x = 0; x < width; x++) {
    const value = values[Math.floor((x / width) * values.length)]
    if (value === undefined) continue
    const y = height - 2 - Math.round((value / top) * (height - 4))
    for (const row of [y, y + 1]) pixels.writeUIntBE(colour, row * (1 + width * 3) + 1 + x * 3, 3)
  }
}

/** A PNG of 800 by 200 points with the lines, as the API's graphs have; the axes are left out. */
export function drawGraph(lines: Line[]): Buffer {
  const pixels = Buffer.alloc(height * (1 + width * 3), 0xff)
  // Each row begins with the number of its filter: none.
  for (let row = 0; row < height; row++) pixels[row * (1 + width * 3)] = 0
  const top = Math.max(1e-9, ...lines.flatMap(({values}) => values.filter((value) => value !== undefined)))
  for (const line of lines) drawLine(pixels, line, top)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a channel, three channels.
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
