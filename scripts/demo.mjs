#!/usr/bin/env node
// `npm run demo`: the main job on the built-in simulator, in a temporary folder. No cluster is needed, nothing outside the folder is touched.
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, mkdirSync} from 'node:fs'
import https from 'node:https'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const folder = mkdtempSync(path.join(os.tmpdir(), 'pmpc-demo-'))
const workspace = path.join(folder, 'workspace')
const env = {
  ...process.env,
  PMPC_HOME: path.join(folder, 'home'),
  GIT_PAGER: 'cat',
  LESS: 'FRX',
  // Commits of the demo must not depend on who runs it, nor be signed by them.
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'user.name',
  GIT_CONFIG_VALUE_0: 'Demo',
  GIT_CONFIG_KEY_1: 'user.email',
  GIT_CONFIG_VALUE_1: 'demo@example.com',
  GIT_CONFIG_KEY_2: 'commit.gpgSign',
  GIT_CONFIG_VALUE_2: 'false',
}
const color = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
const say = (text = '') => process.stdout.write(`${text}\n`)
const chapter = (text) => say(`\n${paint('1;36', `── ${text}`)}`)
const shown = (words) => words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')

/** Runs a command in the workspace as a person would see it. */
function run(program, args, {input, hidden = false} = {}) {
  if (!hidden) say(paint('1', `$ ${program} ${shown(args)}`))
  const [file, words] = program === 'pmpc' ? [process.execPath, [bin, ...args]] : [program, args]
  const {status, error} = spawnSync(file, words, {
    cwd: workspace,
    env,
    input,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with exit code ${status}`)
}

/** Starts the simulator and waits for the line that says it is ready. */
function startSimulator() {
  const child = spawn(process.execPath, [bin, 'simulator', 'start', '--port', '0', '--seed', 'cluster', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    let text = ''
    child.once('exit', (code) => reject(new Error(`the simulator ended with exit code ${code}`)))
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve({child, ...JSON.parse(text.split('\n')[0])})
    })
  })
}

/** One request to the simulated cluster, as another administrator would send it. */
function request(simulator, method, apiPath, parameters = {}) {
  const body = new URLSearchParams(parameters).toString()
  const inQuery = method === 'GET' || method === 'DELETE'
  const url = `${simulator.url}/api2/json${apiPath}${inQuery && body ? `?${body}` : ''}`
  const headers = {Authorization: `PVEAPIToken=${simulator.tokenId}=${simulator.tokenSecret}`}
  if (!inQuery)
    Object.assign(headers, {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body),
    })
  return new Promise((resolve, reject) => {
    // The certificate is the simulator's own; it is known by its fingerprint.
    const outgoing = https.request(url, {method, headers, rejectUnauthorized: false, agent: false}, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text).data)
        else reject(new Error(`${method} ${apiPath}: ${answer.statusCode} ${answer.statusMessage}`))
      })
    })
    outgoing.on('socket', (socket) =>
      socket.once('secureConnect', () => {
        if (socket.getPeerCertificate().fingerprint256 !== simulator.fingerprint)
          outgoing.destroy(new Error('another server answers'))
      }),
    )
    outgoing.on('error', reject)
    outgoing.end(inQuery ? undefined : body)
  })
}

/** Waits until a task has ended. */
async function finished(simulator, upid) {
  const node = upid.split(':')[1]
  for (;;) {
    const status = await request(simulator, 'GET', `/nodes/${node}/tasks/${upid}/status`)
    if (status.status === 'stopped' && status.exitstatus !== 'OK') throw new Error(`${upid}: ${status.exitstatus}`)
    if (status.status === 'stopped') return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** What somebody does in the web interface while nobody looks. */
async function changeBehindOurBack(simulator) {
  const guests = await request(simulator, 'GET', '/cluster/resources', {type: 'vm'})
  const find = (vmid) => guests.find((guest) => Number(guest.vmid) === vmid)
  const place = ({node, type, vmid}) => `/nodes/${node}/${type}/${vmid}`
  const [web, moving, doomed] = [find(101), find(102), find(202)]
  const act = async (what, work) => {
    const upid = await work()
    if (typeof upid === 'string') await finished(simulator, upid)
    say(`  ${what}`)
  }
  await act('the memory of VM 101 is halved', () => request(simulator, 'PUT', `${place(web)}/config`, {memory: '6144'}))
  await act('VM 100 gets the tag "blue"', () =>
    request(simulator, 'PUT', `${place(find(100))}/config`, {tags: 'blue;prod;web'}),
  )
  const templates = await request(simulator, 'GET', '/nodes/pve1/storage/local/content', {content: 'vztmpl'})
  await act('a new container 210 appears', () =>
    request(simulator, 'POST', '/nodes/pve1/lxc', {
      vmid: '210',
      hostname: 'jumphost',
      ostemplate: templates[0].volid,
      rootfs: 'local-zfs:4',
      net0: 'name=eth0,bridge=vmbr0,ip=dhcp',
      password: 'not-kept-anywhere',
    }),
  )
  await act('container 202 is deleted', () => request(simulator, 'DELETE', place(doomed)))
  const target = moving.node === 'pve1' ? 'pve2' : 'pve1'
  await act(`VM 102 is migrated from ${moving.node} to ${target}`, () =>
    request(simulator, 'POST', `${place(moving)}/migrate`, {target, online: '1', 'with-local-disks': '1'}),
  )
}

async function main() {
  mkdirSync(workspace)
  chapter('A cluster of three nodes (simulated), and an empty workspace')
  const simulator = await startSimulator()
  try {
    say(paint('2', `  the cluster answers at ${simulator.url}; the workspace is ${workspace}`))
    const flags = [
      '--cluster',
      'home',
      '--endpoint',
      simulator.url,
      '--token-id',
      simulator.tokenId,
      '--token-stdin',
      '--fingerprint',
      simulator.fingerprint,
      '--yes',
    ]
    run('pmpc', ['init', ...flags], {input: `${simulator.tokenSecret}\n`})

    chapter('The first sync records the cluster and offers its manifests; we agree with all of them')
    run('pmpc', ['sync', '--accept', '--quiet'])
    run('pmpc', ['get', 'guests'])

    chapter('Behind our back')
    await changeBehindOurBack(simulator)

    chapter('What changed since it was last agreed on?')
    run('pmpc', ['sync'])
    run('git', ['diff'])

    chapter('What was observed: the migration is there, and it is no drift')
    run('pmpc', ['diff'])

    chapter('We agree with the new container and the tag, and keep the memory as it was')
    run('pmpc', ['accept', 'container/210', 'vm/100'])
    run('pmpc', ['reject', 'vm/101:config.memory'])
    run('pmpc', ['status'])

    chapter('The history is in Git')
    run('git', ['log', '--oneline', '--stat', '--', '.pmpc/state', 'infra'])

    chapter('Next')
    say(`The workspace stays in ${workspace} (its simulated cluster ends now). Look around there:`)
    say('  git log -p -- .pmpc/state        what the cluster was, readable')
    say('  cat infra/home/vm/101.yaml       a manifest')
    // Outside of the checkout, where init refuses; and as it can be typed from anywhere.
    const typed = `node ${shown([bin])}`
    say('\nYour own cluster:')
    say(`  mkdir -p ~/infra && cd ~/infra && ${typed} init && ${typed} sync && git diff`)
  } finally {
    simulator.child.removeAllListeners('exit')
    simulator.child.kill('SIGTERM')
  }
}

main().catch((error) => {
  process.stderr.write(`The demo stopped: ${error.message}\nIts files are in ${folder}.\n`)
  process.exitCode = 1
})
