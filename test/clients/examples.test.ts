import {spawn, type ChildProcess} from 'node:child_process'
import {copyFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {bin, checkout, sandbox, type Sandbox} from '../support/pmpc.js'
import {mirror, needs, python} from './support.js'

const examples = path.join(checkout, 'docs/examples/simulator')

/** What docs/simulator-in-ci.md shows, run as it says. */
describe('examples of the guide', function () {
  this.timeout(120_000)
  let child: ChildProcess | undefined
  let box: Sandbox
  let host: URL

  before(async function () {
    needs(this, python)
    box = sandbox()
    const flags = ['--port', '0', '--seed', path.join(examples, 'lab.yaml'), '--task-time', '10', '--json']
    child = spawn(process.execPath, [bin, 'simulator', 'start', ...flags, '--status-interval', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const line = await new Promise<string>((resolve) => child!.stdout!.once('data', (data) => resolve(String(data))))
    host = new URL((JSON.parse(line) as {url: string}).url)
  })
  after(() => {
    child?.kill('SIGTERM')
    box?.remove()
  })

  it('proxmoxer', async () => {
    const {stdout, stderr} = await box.exec(python, [path.join(examples, 'script.py'), host.host])
    expect(stdout.trim(), stderr).to.equal('db01')
  })

  it('Ansible', async () => {
    const where = JSON.stringify({api_host: host.hostname, api_port: Number(host.port)})
    const args = ['-i', 'localhost,', '-e', where, '-e', JSON.stringify({ansible_python_interpreter: python})]
    const playbook = path.join(path.dirname(python), 'ansible-playbook')
    const {code, stdout, stderr} = await box.exec(python, [playbook, ...args, path.join(examples, 'playbook.yml')], {
      env: {...box.env, HOME: box.folder},
    })
    expect(code, stdout + stderr).to.equal(0)
    expect(stdout).to.match(/changed=2 .*failed=0/)
  })

  it('Terraform', async function () {
    needs(this, mirror)
    copyFileSync(path.join(examples, 'main.tf'), path.join(box.folder, 'main.tf'))
    const config = path.join(box.folder, 'terraform.rc')
    writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`)
    const env = {
      ...box.env,
      TF_CLI_CONFIG_FILE: config,
      CHECKPOINT_DISABLE: '1',
      PROXMOX_VE_ENDPOINT: host.origin,
      PROXMOX_VE_INSECURE: 'true',
      PROXMOX_VE_USERNAME: 'root@pam',
      PROXMOX_VE_PASSWORD: 'simulator',
    }
    for (const args of [['init'], ['apply', '-auto-approve'], ['plan', '-detailed-exitcode']]) {
      const {code, stdout, stderr} = await box.exec('terraform', [...args, '-no-color'], {env, cwd: box.folder})
      expect(code, stdout + stderr).to.equal(0)
    }
  })
})
