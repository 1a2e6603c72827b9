import {expect} from 'chai'
import {request, type RequestOptions} from 'node:https'
import type {Duplex} from 'node:stream'
import {Lab} from './support.js'

interface Console {
  port: string
  ticket: string
  user: string
  upid: string
  cert?: string
  password?: string
}

interface Handshake {
  status: number
  reason: string
  socket?: Duplex
  protocol?: string | undefined
}

const offered = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Protocol': 'binary',
  'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
}

/** Asks for a websocket of a guest or node, as noVNC does. */
function upgrade(lab: Lab, base: string, {port, ticket}: Console, headers: object = offered): Promise<Handshake> {
  const {url, ca, tokenId, tokenSecret} = lab.simulator
  const query = new URLSearchParams({port, vncticket: ticket})
  const options: RequestOptions = {
    ca,
    headers: {Authorization: `PVEAPIToken=${tokenId}=${tokenSecret}`, ...headers},
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/api2/json${base}/vncwebsocket?${query}`, options)
    outgoing.on('upgrade', (response, socket) =>
      resolve({
        status: response.statusCode!,
        reason: response.statusMessage!,
        socket,
        protocol: response.headers['sec-websocket-protocol'],
      }),
    )
    outgoing.on('response', (response) => {
      response.resume()
      resolve({status: response.statusCode!, reason: response.statusMessage!})
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Reads from a socket until it holds a text, or until it is closed. */
function read(socket: Duplex, wanted: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.includes(wanted)) resolve(text)
    })
    socket.on('close', () => resolve(text))
    socket.on('error', () => resolve(text))
  })
}

/** A masked text frame of a client. */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126 ? [0x82, 0x80 | payload.length] : [0x82, 0xfe, payload.length >> 8, payload.length & 255]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}

describe('consoles', () => {
  let lab: Lab
  const vm = '/nodes/pve/qemu/100'
  const result = async (upid: string): Promise<string | undefined> => {
    await lab.simulator.simulation.tasks.ended(upid)
    const status = await lab.get<{exitstatus?: string}>(`/nodes/${upid.split(':')[1]}/tasks/${upid}/status`)
    return status.exitstatus
  }
  const open = async (path: string, form: Record<string, string> = {}): Promise<Console> => {
    const answer = await lab.send(path, {method: 'POST', form})
    expect(answer.reason).to.equal('OK')
    return answer.body.data as unknown as Console
  }
  const start = async (options: object): Promise<void> => {
    lab = await Lab.start({seed: 'homelab', ...options})
  }
  afterEach(() => lab.stop())

  it('a display has a ticket, a port, a password and a task that waits', async () => {
    await start({})
    const first = await open(`${vm}/vncproxy`)
    const second = await open(`${vm}/vncproxy`)
    expect([first.port, second.port]).to.deep.equal(['5900', '5901'])
    expect(first.ticket).to.match(/^[!-~]{8}:PVEVNC:[0-9A-F]{8}::/)
    expect(first.ticket.slice(0, 8)).to.equal(first.password)
    expect(first.cert).to.match(/^-----BEGIN CERTIFICATE-----\n/)
    const status = await lab.get<{status: string; type: string}>(`/nodes/pve/tasks/${first.upid}/status`)
    expect(status).to.include({status: 'running', type: 'vncproxy', id: '100'})
  })

  it('of 8.4 has a password only when it is asked for', async () => {
    await start({pve: '8.4'})
    const plain = await open(`${vm}/vncproxy`)
    expect(plain.ticket).to.match(/^PVEVNC:/)
    expect(plain.password).to.equal(undefined)
    const asked = await open(`${vm}/vncproxy`, {'generate-password': '1'})
    expect(asked.ticket).to.match(/^PVEVNC:/)
    expect(asked.password).to.have.length(8)
  })

  it('ends by itself when nobody connects', async () => {
    await start({consoleTime: 1})
    const display = await open(`${vm}/vncproxy`)
    expect(await result(display.upid)).to.equal('connection timed out')
    const terminal = await open(`${vm}/termproxy`)
    expect(await result(terminal.upid)).to.match(
      /^command '\/usr\/bin\/termproxy 5900 --path \/vms\/100 .*failed: exit code 1$/,
    )
  })

  it('a websocket leads to the display, and its end ends the task', async () => {
    await start({})
    const display = await open(`${vm}/vncproxy`)
    const {status, socket} = await upgrade(lab, vm, display)
    expect(status).to.equal(101)
    expect(await read(socket!, 'RFB')).to.contain('RFB 003.008\n')
    socket!.destroy()
    expect(await result(display.upid)).to.equal('OK')
  })

  it('a terminal wants user and ticket first', async () => {
    await start({})
    const terminal = await open(`${vm}/termproxy`, {serial: 'serial0'})
    lab.simulator.simulation.state.guests[100]!.config.serial0 = 'socket'
    const {socket} = await upgrade(lab, vm, terminal)
    socket!.write(clientFrame(`${terminal.user}:${terminal.ticket}\n`))
    expect(await read(socket!, 'OK')).to.contain('OK')
    socket!.destroy()
    expect(await result(terminal.upid)).to.equal('OK')
  })

  it('of a machine that is off is closed at once', async () => {
    await start({})
    lab.simulator.simulation.state.guests[100]!.running = false
    const display = await open(`${vm}/vncproxy`)
    const {status, socket} = await upgrade(lab, vm, display)
    expect(status).to.equal(101)
    expect(await read(socket!, 'RFB')).to.equal('')
    expect(await result(display.upid)).to.equal('Failed to run vncproxy.')
  })

  it('refuses wrong tickets and handshakes with their texts', async () => {
    await start({})
    const display = await open(`${vm}/vncproxy`)
    const wrong = await upgrade(lab, vm, {...display, ticket: 'PVEVNC:00000000::x'})
    expect([wrong.status, wrong.reason]).to.deep.equal([401, 'permission denied - invalid PVEVNC ticket'])
    const other = await upgrade(lab, '/nodes/pve/qemu/101', display)
    expect(other.status).to.equal(401)
    const {'Sec-WebSocket-Protocol': _protocol, ...rest} = offered
    const old = await upgrade(lab, vm, display, {...rest, 'Sec-WebSocket-Version': '8'})
    expect([old.status, old.reason]).to.deep.equal([501, `unsupported websocket-version '8'`])
    const plain = await lab.send(
      `${vm}/vncwebsocket?${new URLSearchParams({port: display.port, vncticket: display.ticket})}`,
    )
    expect(plain.body.data).to.deep.equal({port: display.port})
  })

  it('answers a frame that closes with the end of the connection alone', async () => {
    await start({})
    lab.simulator.simulation.state.guests[100]!.config.serial0 = 'socket'
    const display = await open(`${vm}/vncproxy`)
    const terminal = await open(`${vm}/termproxy`, {serial: 'serial0'})
    for (const [console, greeting] of [
      [display, 'RFB 003.008\n'],
      [terminal, 'OK'],
    ] as const) {
      const {socket} = await upgrade(lab, vm, console)
      if (console === terminal) socket!.write(clientFrame(`${console.user}:${console.ticket}\n`))
      expect(await read(socket!, greeting)).to.contain(greeting)
      const rest = read(socket!, 'nothing of this kind')
      socket!.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]))
      expect(await rest).to.equal('')
      expect(await result(console.upid)).to.equal('OK')
    }
  })

  it('asks for no subprotocol, and gives any back', async () => {
    await start({})
    const {'Sec-WebSocket-Protocol': _protocol, ...rest} = offered
    for (const protocol of [undefined, 'binary', 'mine, other']) {
      const headers = {...rest, ...(protocol !== undefined && {'Sec-WebSocket-Protocol': protocol})}
      const {status, socket, protocol: answered} = await upgrade(lab, vm, await open(`${vm}/vncproxy`), headers)
      expect([status, answered]).to.deep.equal([101, protocol])
      socket!.destroy()
    }
  })

  it('is gone when its task is stopped', async () => {
    await start({})
    const display = await open(`${vm}/vncproxy`)
    await lab.send(`/nodes/pve/tasks/${display.upid}`, {method: 'DELETE'})
    expect(await result(display.upid)).to.equal('received interrupt')
    expect(lab.simulator.simulation.consoles.find(Number(display.port))).to.equal(undefined)
  })
})
