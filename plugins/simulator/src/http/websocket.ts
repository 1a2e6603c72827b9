import {createHash} from 'node:crypto'
import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import type {Console} from '../tasks/consoles.js'

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const greeting = 'RFB 003.008\n'

/** Whether a request asks for a websocket where there may be one. */
export const wantsWebsocket = (request: IncomingMessage, path: string): boolean =>
  request.headers.upgrade !== undefined && request.method === 'GET' && path.endsWith('websocket')

/** What is wrong with the headers of a handshake; undefined when nothing is. Fact: pve-http-server, handle_api2_request. */
export function handshakeProblem({headers}: IncomingMessage): string | undefined {
  const upgrade = String(headers.upgrade).toLowerCase()
  if (upgrade !== 'websocket') return `unable to upgrade to protocol '${upgrade}'`
  const version = String(headers['sec-websocket-version'] ?? '')
  if (version !== '13') return `unsupported websocket-version '${version}'`
  return headers['sec-websocket-key'] === undefined ? 'missing websocket-key' : undefined
}

/** A frame of a server: not masked. */
function frame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255])
  return Buffer.concat([head, payload])
}

/** Takes the first whole frame off received bytes. */
function takeFrame(bytes: Buffer): {opcode: number; payload: Buffer; rest: Buffer} | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 127
  const [length, at] =
    short < 126
      ? [short, 2]
      : short === 126
        ? [bytes.length < 4 ? Infinity : bytes.readUInt16BE(2), 4]
        : [bytes.length < 10 ? Infinity : Number(bytes.readBigUInt64BE(2)), 10]
  if (bytes.length < at + 4 + length) return undefined
  const mask = bytes.subarray(at, at + 4)
  const payload = Buffer.from(bytes.subarray(at + 4, at + 4 + length))
  payload.forEach((byte, index) => (payload[index] = byte ^ mask[index % 4]!))
  return {opcode: bytes[0]! & 15, payload, rest: bytes.subarray(at + 4 + length)}
}

/**
 * Switches a connection to a console: VNC greets its client, a terminal asks for user and ticket and says OK.
 * Nothing is displayed; the console's task ends with the connection. What a client offers as subprotocols comes back as it is, and a frame
 * that closes is answered by the end of the connection alone. Fact: pve-http-server, PVE/APIServer/AnyEvent.pm (websocket_proxy).
 */
export function openWebsocket({headers}: IncomingMessage, socket: Duplex, console: Console): void {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${magic}`).digest('base64')
  const protocols = headers['sec-websocket-protocol']
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocols === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocols}`]),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (!console.connect(() => void socket.destroy())) return void socket.end()
  if (console.speaks === 'vnc') socket.write(frame(2, Buffer.from(greeting)))
  let known = console.speaks === 'vnc'
  let received: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (let next = takeFrame(received); next; next = takeFrame(received)) {
      received = next.rest
      if (next.opcode === 9) socket.write(frame(10, next.payload))
      else if (next.opcode === 8) socket.end()
      else if (!known && next.opcode < 3) {
        known = next.payload.toString('utf8').split('\n')[0] === console.key
        if (!known) return console.end('authentication failed')
        socket.write(frame(2, Buffer.from('OK')))
      }
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => console.end())
}
