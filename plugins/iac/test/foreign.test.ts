import {parse} from '@cdktn/hcl2json'
import {expect} from 'chai'
import {foreignIn} from '../src/prove/foreign.js'

const vm = (body: string) => `resource "proxmox_virtual_environment_vm" "a" {\n${body}\n}\n`

describe('what generated code may hold that is proved', () => {
  const own = [
    vm('name = "x"\npool_id = proxmox_virtual_environment_pool.pool_a.pool_id\nlifecycle {\nprevent_destroy = true\n}'),
    vm('name = "$${file(1)} %%{ if true } $$${x()}"'),
    'module "home" {\nsource = "./modules/home"\nproviders = {\nproxmox = proxmox.home\n}\n}\n',
    'provider "proxmox" {\nalias = "home"\nendpoint = var.home_endpoint\n}\n',
    'terraform {\nrequired_providers {\nproxmox = {\nsource = "bpg/proxmox"\nversion = "1"\n}\n}\n}\n',
    'import {\nto = module.home.proxmox_virtual_environment_vm.a\nid = "pve1/100"\n}\n',
  ]
  for (const text of own)
    it(`${JSON.stringify(text)} is pmpc's`, async () =>
      expect(foreignIn(await parse('a.tf', text))).to.equal(undefined))

  const foreign: [string, string][] = [
    ['data "external" "x" {\nprogram = ["id"]\n}', 'a block data'],
    ['resource "null_resource" "a" {}', 'a resource of null_resource'],
    [vm('name = file("/etc/passwd")'), 'an expression, file("/etc/passwd")'],
    [vm('name = "x${file("/etc/passwd")}"'), 'an expression, file("/etc/passwd")'],
    [vm('provisioner "local-exec" {\ncommand = "id"\n}'), 'provisioner of a'],
    ['module "x" {\nsource = "git::https://example.com/y"\n}', 'the source of the module x'],
    ['terraform {\nbackend "http" {}\n}', 'backend'],
    ['terraform {\nrequired_providers {\nevil = {\nsource = "e/x"\n}\n}\n}', 'the provider evil'],
    ['provider "proxmox" {\nssh {}\n}', 'ssh'],
    ['locals {\na = 1\n}', 'a block locals'],
  ]
  for (const [text, what] of foreign)
    it(`${JSON.stringify(text)} is not`, async () => expect(foreignIn(await parse('a.tf', text))).to.equal(what))
})
