"""A VM and a container from their making to their end, through proxmoxer. Argument: the API's address as HOST:PORT."""

import sys
import time
import warnings

from proxmoxer import ProxmoxAPI, ResourceException

warnings.filterwarnings("ignore")
host, port = sys.argv[1].split(":")
pve = ProxmoxAPI(host, port=int(port), user="root@pam", password="rootpass1", verify_ssl=False)
node = pve.nodes("pve1")


def ended(upid):
    """Waits for a task, and tells how it ended."""
    while True:
        status = node.tasks(upid).status.get()
        if status["status"] == "stopped":
            return status["exitstatus"]
        time.sleep(0.02)


def done(upid):
    """Waits for a task, which has to end well; null stands for what was done at once."""
    if upid is not None:
        assert ended(upid) == "OK", f"{upid}: {ended(upid)}"


def gone(call):
    try:
        call()
    except ResourceException as error:
        assert error.status_code == 500 and "does not exist" in str(error), error
        return
    raise AssertionError("still there")


def names(guest):
    return sorted(entry["name"] for entry in guest.snapshot.get())


def virtual_machine():
    done(
        node.qemu.create(
            vmid=900, name="first", memory=512, cores=1, ostype="l26", scsihw="virtio-scsi-pci",
            scsi0="local:4", net0="virtio,bridge=vmbr0", ide2="local:cloudinit", ciuser="ada", tags="web,prod",
        )
    )
    vm = node.qemu(900)
    config = vm.config.get()
    assert config["name"] == "first" and config["memory"] == "512" and config["tags"] == "prod;web", config
    assert config["scsi0"] == "local:900/vm-900-disk-0.raw,size=4G", config["scsi0"]
    assert config["net0"].startswith("virtio=BC:24:11:"), config["net0"]

    vm.config.put(cores=2, description="changed", digest=config["digest"])
    done(vm.resize.put(disk="scsi0", size="+1G"))
    changed = vm.config.get()
    assert changed["cores"] == 2 and changed["scsi0"].endswith("size=5G"), changed
    assert changed["digest"] != config["digest"]
    try:
        vm.config.put(cores=3, digest=config["digest"])
        raise AssertionError("a stale digest was taken")
    except ResourceException as error:
        assert "checksum mismatch" in str(error), error

    done(vm.config.post(delete="scsi0"))
    done(vm.config.post(delete="unused0", force=1))
    done(vm.config.post(scsi0="local:2,format=qcow2"))
    done(vm.snapshot.post(snapname="before", description="as it was"))
    assert names(vm) == ["before", "current"], names(vm)
    vm.config.put(cores=4)
    done(vm.snapshot("before").rollback.post())
    assert vm.config.get()["cores"] == 2
    done(vm.snapshot("before").delete())
    assert names(vm) == ["current"], names(vm)

    done(vm.clone.post(newid=901, name="second", full=1))
    clone = node.qemu(901)
    assert clone.config.get()["name"] == "second"
    assert clone.config.get()["net0"] != vm.config.get()["net0"], "a clone has a MAC address of its own"

    done(vm.status.start.post())
    assert vm.status.current.get()["status"] == "running"
    try:
        vm.delete()
        raise AssertionError("a running VM was deleted")
    except ResourceException as error:
        assert "is running - destroy failed" in str(error), error
    done(vm.status.stop.post())
    for guest in (clone, vm):
        done(guest.delete(purge=1))
        gone(guest.config.get)


def container():
    done(
        node.lxc.create(
            vmid=950, ostemplate="local:vztmpl/debian-12-standard_12.5-1_amd64.tar.gz", hostname="box", memory=256,
            rootfs="data:1", net0="name=eth0,bridge=vmbr0,ip=dhcp", password="secret-of-mine", unprivileged=1,
        )
    )
    ct = node.lxc(950)
    config = ct.config.get()
    assert config["hostname"] == "box" and config["memory"] == 256, config
    assert config["rootfs"] == "data:950/vm-950-disk-0.raw,size=1G", config["rootfs"]
    ct.config.put(memory=384, description="changed")
    assert ct.config.get()["memory"] == 384
    done(ct.resize.put(disk="rootfs", size="2G"))
    assert ct.config.get()["rootfs"].endswith("size=2G")
    # Raw files in a directory have no snapshots: the task says so.
    assert ended(ct.snapshot.post(snapname="before")) == "snapshot feature is not available"
    done(ct.clone.post(newid=951, hostname="copy", full=1, storage="tank"))
    copy = node.lxc(951)
    assert copy.config.get()["hostname"] == "copy"
    done(copy.snapshot.post(snapname="before"))
    assert names(copy) == ["before", "current"], names(copy)
    copy.config.put(memory=512)
    done(copy.snapshot("before").rollback.post())
    assert copy.config.get()["memory"] == 384
    done(copy.snapshot("before").delete())
    done(ct.status.start.post())
    assert ct.status.current.get()["status"] == "running"
    done(ct.status.stop.post())
    for guest in (copy, ct):
        done(guest.delete(purge=1))
        gone(guest.config.get)


pve.storage.create(storage="tank", type="zfspool", pool="rpool/data", content="rootdir,images")
virtual_machine()
container()
assert pve.cluster.resources.get(type="vm") == []
left = [entry["volid"] for name in ("local", "data", "tank") for entry in node.storage(name).content.get() if entry.get("vmid")]
assert left == [], left
pve.storage("tank").delete()
print("ok")
