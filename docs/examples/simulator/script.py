"""Makes a VM and takes a snapshot of it. Argument: HOST:PORT of the API."""

import sys
import time

from proxmoxer import ProxmoxAPI

host, port = sys.argv[1].split(":")
pve = ProxmoxAPI(host, port=int(port), user="root@pam", password="simulator", verify_ssl=False)
node = pve.nodes("pve1")


def done(upid):
    """Waits for a task; a task that fails is an error."""
    while (task := node.tasks(upid).status.get())["status"] != "stopped":
        time.sleep(0.1)
    if task["exitstatus"] != "OK":
        raise SystemExit(f"{upid}: {task['exitstatus']}")


done(node.qemu.create(vmid=710, name="db01", memory=1024, scsi0="local:4,format=qcow2", net0="virtio,bridge=vmbr0"))
done(node.qemu(710).snapshot.post(snapname="fresh"))
print(node.qemu(710).config.get()["name"])
