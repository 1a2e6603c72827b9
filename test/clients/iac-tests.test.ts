import {appendFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import type {OneTest, Suite, TestResult} from '../../plugins/iac/src/suites/suites.js'
import {Lab, type Clone} from '../support/lab.js'
import {mirror, needs, python} from './support.js'

/** What `pmpc test` says of its one suite. */
async function run(
  clone: Clone,
  args: string[],
  env: Record<string, string> = {},
): Promise<Suite & {code: number | null}> {
  const result = await clone.pmpc(['test', ...args, '--json'], {env})
  return {...result.json<TestResult>().suites[0]!, code: result.code}
}

const failures = ({tests}: Suite): string[] =>
  tests.filter(({result}) => result === 'failed').map(({object, name, message}) => `${object} ${name}: ${message}`)

for (const seed of ['homelab', 'cluster'])
  describe(`generated tests of the seed ${seed}`, function () {
    this.timeout(240_000)
    let lab: Lab
    let clone: Clone

    before(async function () {
      needs(this, mirror)
      needs(this, python)
      lab = await Lab.start({seed})
      clone = await lab.agreed()
      await clone.must('iac', 'generate')
    })
    after(async () => lab?.stop())

    it('pass with the real provider, and leave nothing behind', async () => {
      const {code, tests, ...suite} = await run(clone, ['--static', '--plugin-dir', mirror])
      expect(failures({...suite, tests})).to.deep.equal([])
      expect({code, result: suite.result, skipped: suite.skipped}).to.deep.equal({
        code: 0,
        result: 'passed',
        skipped: 0,
      })
      expect(tests.map(({name}) => name)).to.include.members([
        ...['terraform fmt tests/terraform', 'terraform validate terraform'],
        ...['home.tftest.hcl guests', 'home.tftest.hcl together'],
      ])
      expect(await clone.git('status', '--porcelain')).to.equal('')
    })

    it('name guest and field where the code says something else', async () => {
      const [file] = (await clone.git('ls-files', 'iac/terraform/modules/home/vm_*.tf')).split('\n')
      clone.edit(file!, /dedicated = (\d+)/, (_, memory) => `dedicated = ${Number(memory) + 1}`)
      const suite = await run(clone, ['--static', '--plugin-dir', mirror])
      const vmid = /vm_(\d+)/.exec(file!)![1]
      expect(suite.code).to.equal(1)
      expect(failures(suite)).to.have.length(1)
      expect(failures(suite)[0]).to.match(
        new RegExp(`^home/vm/${vmid} memory: \\d+ is expected; memory\\[0\\].dedicated is \\d+$`),
      )
      await clone.git('checkout', '--', 'iac')
    })

    it('look into the guests through the inventory, and say why where they cannot', async () => {
      // The guests of a simulator are none: this machine stands in for them, and one does not answer.
      const inventory = 'iac/ansible/inventories/home'
      const hosts = await clone.git('ls-files', `${inventory}/host_vars/*/pve.yml`)
      const guests = hosts.split('\n').filter((file) => /^pve_kind: "?(?:qemu|lxc)/m.test(clone.read(file)))
      const running = guests.filter((file) => /^pve_status: "?running/m.test(clone.read(file)))
      for (const file of guests) {
        const answers = file !== running[0]
        const how = answers
          ? 'ansible_connection: local'
          : 'ansible_connection: ssh\nansible_host: 127.0.0.1\nansible_port: 1'
        clone.write(path.join(path.dirname(file), 'main.yml'), `---\n${how}\n`)
      }
      appendFileSync(path.join(clone.root, 'iac/tests/custom/test_own.py'), OWN)
      const {PATH} = lab.box.env
      const suite = await run(clone, ['--guest'], {PATH: `${path.dirname(python)}${path.delimiter}${PATH}`})
      const of = (file: string): OneTest[] => {
        const [, kind, vmid] = /^pve_kind: "?(\w+)[\s\S]*^pve_vmid: (\d+)/m.exec(clone.read(file))!
        return suite.tests.filter(({object}) => object === `home/${kind === 'lxc' ? 'container' : 'vm'}/${vmid}`)
      }
      const [away, ...here] = running.map(of)
      expect(away!.map(({result}) => result)).to.deep.equal(away!.map(() => 'skipped'))
      expect(away![0]!.message).to.match(/ is not reached: .*(?:refused|port 1)/)
      // It is Linux, and none of these guests.
      const linux = here.flat().filter(({name}) => name === 'test_os' || name === 'test_memory')
      expect(linux.some(({name, result}) => name === 'test_os' && result === 'passed')).to.equal(true)
      expect(linux.some(({name, result}) => name === 'test_memory' && result === 'failed')).to.equal(true)
      expect(suite.tests.find(({name}) => name.endsWith('test_own'))).to.deep.include({result: 'passed'})
      const own = here.flat().filter(({name}) => name === 'test_inside')
      expect(own.map(({result}) => result)).to.deep.equal(here.map(() => 'passed'))
      const stopped = guests.filter((file) => !running.includes(file)).flatMap(of)
      expect(stopped.map(({result}) => result)).to.deep.equal(stopped.map(() => 'skipped'))
      expect(suite).to.deep.include({code: 1, result: 'failed'})
      const left = await clone.git('status', '--porcelain', '--untracked-files=all')
      expect(left.split('\n').filter((line) => !/main\.yml$|test_own\.py$/.test(line))).to.deep.equal([])
    })
  })

const OWN = `def test_own(expected):
    assert "home" in expected["clusters"]


def test_inside(guest, inside):
    assert inside.run("true").rc == 0, guest["name"]
`
