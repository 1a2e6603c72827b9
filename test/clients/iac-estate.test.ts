import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'
import {unreadable, unusualEstate} from '../support/iac-estate.js'
import {mirror, needs} from './support.js'

interface Proof {
  imports: number
  noop: number
  residual: {object: string; attribute: string; before: unknown; after: unknown; manifest: string | null}[]
}

interface Generated {
  verdicts: {object: string; verdict: string; why: string | null}[]
  coverage: {mapped: number; inexpressible: number; leftOut: number}
  files: string[]
  commit: string | null
}

/** Seeds, and the estate: how many guests the provider cannot read. */
const estates = [
  // A network card with a range of trunks.
  ['homelab', 'homelab', 1],
  ['cluster', 'cluster', 0],
  ['200 guests with every key', undefined, unreadable.length],
] as const

for (const release of ['9.2', '8.4'] as const)
  for (const [title, seed, unread] of estates)
    describe(`code of ${title}, on ${release}`, function () {
      this.timeout(900_000)
      let lab: Lab
      let clone: Clone
      let made: Generated

      before(async function () {
        needs(this, mirror)
        lab = await Lab.start({seed: seed ?? unusualEstate(release), pve: release, offlineServices: 'accept'})
        clone = await lab.workspace()
        await clone.must('sync', '--accept')
        made = (await clone.must('iac', 'generate', '--json')).json<Generated>()
      })
      after(async () => lab?.stop())

      const prove = async (code = 0): Promise<Proof> => {
        const result = await clone.pmpc(['iac', 'prove', '--plugin-dir', mirror, '--json'])
        const proof = result.json<Proof>()
        expect(result.code, JSON.stringify(proof.residual ?? proof, null, 1).slice(0, 5000)).to.equal(code)
        return proof
      }

      it('imports all that the provider can read, and changes nothing', async () => {
        const {imports, noop, residual} = await prove()
        expect(residual).to.deep.equal([])
        expect(noop).to.equal(imports)
        const guests = made.verdicts.filter(({object}) => /\/(?:vm|container)\//.test(object))
        expect(guests.filter(({verdict}) => verdict === 'unmanageable')).to.have.length(unread)
        expect(imports).to.be.at.least(guests.length - unread)
      })

      it('is spelled as terraform fmt does, is valid, and, applied, leaves nothing to plan', async () => {
        const folder = path.join(clone.root, 'iac', 'terraform')
        const variables = readFileSync(path.join(folder, 'variables.tf'), 'utf8')
        const name = /variable "(\w+)_endpoint"/.exec(variables)![1]!
        const {url, tokens, tokenId} = lab.simulator
        const env = {
          ...{CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', [`TF_VAR_${name}_endpoint`]: url},
          ...{[`TF_VAR_${name}_api_token`]: `${tokenId}=${tokens[tokenId]!}`, [`TF_VAR_${name}_insecure`]: 'true'},
        }
        const run = async (args: string[]): Promise<number | null> => {
          const result = await lab.box.exec('terraform', args, {cwd: folder, env})
          if (result.code !== 0 && result.code !== 2) expect.fail(`${args.join(' ')}: ${result.stdout}${result.stderr}`)
          return result.code
        }
        await run(['init', '-input=false', '-no-color', `-plugin-dir=${mirror}`])
        await run(['fmt', '-check', '-recursive'])
        await run(['validate', '-no-color'])
        await run(['plan', '-input=false', '-no-color', '-out=saved'])
        await run(['apply', '-input=false', '-no-color', 'saved'])
        expect(await run(['plan', '-input=false', '-no-color', '-detailed-exitcode'])).to.equal(0)
        expect((await clone.sync()).commit).to.equal(null)
      })

      it('is the same the second time', async () => {
        expect((await clone.must('iac', 'generate', '--json')).json<Generated>().commit).to.equal(null)
        await clone.must('iac', 'generate', '--check')
      })

      it('with a mapping taken out is not proved, and the attribute is named', async () => {
        const folder = path.join(clone.root, 'iac', 'terraform', 'modules')
        const file = readdirSync(folder, {recursive: true, encoding: 'utf8'})
          .filter((name) => /vm_\d+\.tf$/.test(name) && existsSync(path.join(folder, name)))
          .sort()
          .find((name) => /^ {2}name +=/m.test(readFileSync(path.join(folder, name), 'utf8')))!
        clone.edit(path.join('iac/terraform/modules', file), /^ {2}name +=.*\n/m, '')
        const {residual, noop, imports} = await prove(1)
        expect(noop).to.equal(imports - 1)
        const vmid = /vm_(\d+)\.tf$/.exec(file)![1]!
        expect(residual).to.have.length(1)
        expect(residual[0]).to.include({
          object: `home/vm/${vmid}`,
          attribute: 'name',
          manifest: `infra/home/vm/${vmid}.yaml`,
        })
        await clone.git('checkout', '-q', '--', 'iac')
      })
    })
