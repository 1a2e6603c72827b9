import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {Server as HttpsServer} from 'node:https'
import {createServer as createSocketServer, type Server, type Socket} from 'node:net'

/** Tells a client that spoke plain HTTP where to go; other verbs than GET and HEAD keep their body. Fact: pve-http-server, PVE/APIServer/AnyEvent.pm (process_header). */
function redirect({method, url, headers, socket}: IncomingMessage, response: ServerResponse): void {
  const host = headers.host ?? `${socket.localAddress}:${socket.localPort}`
  response.writeHead(method === 'GET' || method === 'HEAD' ? 301 : 308, {
    Location: `https://${host}${url}`,
    Connection: 'close',
  })
  response.end()
}

/** A TLS connection begins with a handshake record. */
const handshake = 0x16

/** The port: TLS goes to the API, plain HTTP is sent there. */
export class Entrance {
  readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor(api: HttpsServer) {
    const plain = createServer(redirect)
    this.server = createSocketServer((socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('error', () => undefined)
      socket.once('data', (begin: Buffer) => {
        socket.pause()
        socket.unshift(begin)
        const target = begin[0] === handshake ? api : plain
        target.emit('connection', socket)
        process.nextTick(() => socket.resume())
      })
    })
  }

  /** Ends all connections and the port. */
  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}
