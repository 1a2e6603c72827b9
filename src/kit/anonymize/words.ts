/** Words, in lower case, split at blanks. */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Who is on every machine: Debian's and Proxmox VE's own users, and those of images and programs that everybody has. */
export const systemUsers = words(`
  root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt systemd-network systemd-resolve
  systemd-timesync systemd-coredump messagebus sshd postfix statd _rpc rpcuser tss ceph dnsmasq gluster zfs polkitd tcpdump _chrony chrony
  ntp postgres mysql mariadb redis nginx apache httpd git svn ubuntu debian centos fedora rocky almalinux cloud-user core alpine arch admin
  administrator user guest test anonymous cloud-init kvm qemu libvirt-qemu docker ansible terraform vagrant jenkins prometheus grafana
  node_exporter nfsnobody operator staff users wheel sudo adm video render frr ospfd bgpd unbound bind named avahi rtkit pulse uuidd
  landscape pollinate syslog lxd dhcpd openvpn haproxy keepalived zabbix nagios icinga telegraf influxdb grub pve pam pmpc me you self service build
`)

/** Realms that PVE brings. */
export const builtinRealms = words('pam pve pbs pmg local proxmox')

/** Words of Proxmox VE, of systems and of programs: they stand for a thing only where a name is expected, whoever calls one so. */
export const technical = words(`
  pve pbs pmg proxmox node nodes host hosts vm vms ct cts lxc qemu kvm guest guests server servers client cluster clusters datacenter local
  localhost localdomain local-lvm local-zfs local-btrfs rpool tank root data backup backups storage store pool pools test testing dev prod
  production staging lab home database postgres postgresql mysql mariadb redis mongo mongodb smtp imap dns dhcp ntp
  proxy vpn gateway router switch firewall nfs cifs smb iscsi ceph zfs lvm lvmthin btrfs dir disk disks iso images image
  template templates snippets vztmpl rootdir debian ubuntu alpine centos fedora arch windows linux bsd freebsd docker
  kubernetes k8s master worker control plane monitor monitoring log logs syslog git build archive mirror
  runner media file files share shares public private internal external lan wan dmz vlan mgmt management admin
  ansible terraform default main primary secondary replica standby active passive old new tmp temp cache queue
  desktop none null self this var module config console process true false yes no on off all any other unknown system
  user users group groups service services network networks bridge bond eth0 vmbr0 vmbr1 ens18 eno1 enp1s0 task tasks job jobs state
  status error errors warning info debug trace start stop restart reload create delete update upgrade install remove migrate clone
  snapshot restore replication ha quorum corosync pveproxy pvedaemon pvestatd pvescheduler spice vnc serial console shell name hostname
  target source dest destination from to for in at by of is as and or not the a an this that with without key value type id path size
  free used total available enabled disabled ok failed success online offline running stopped paused locked connection
  connected refused timeout request response http https tls ssl ssh sudo cron systemd kernel init boot grub efi bios uefi cpu memory ram
  swap io net disk0 disk1 sda sdb nvme0n1 raid export import exports mount mnt srv opt var usr etc lib run proc version
  example domain com org it ops support sales hr finance demo machine hdd ssd nvme fast slow big small shared scratch
  pmpc default-matcher mail-to-root get set put post api apps app web www ci edge base common core infra customer customers notes note owner author cloud
`)

/** What people call machines by what they do: known from a state it is a name, learnt from a text it may be a word. */
const roles = words(`
  db mail pop pop3 ns ns1 ns2 gw fw nas opnsense pfsense k3s grafana prometheus gitlab github jenkins plex jellyfin nextcloud broker mqtt
  home-assistant homeassistant laptop workstation printer camera phone tablet tv de mx site office branch company corp team edge1 staging1
  cluster1 nextcloud-aio pihole pi-hole adguard unifi omada zigbee2mqtt frigate vaultwarden bitwarden immich paperless traefik caddy nginx
  apache haproxy portainer wiki registry minio gotify matrix jira zabbix relay webmail autodiscover ftp static assets cdn blog shop docs
`)

/** Labels that domains end in. What is also the end of a file's name or a word of programs needs more than its look (`loose`). */
export const topLevel = words(`
  com org net edu gov mil int eu biz info io dev cloud app tech online site xyz shop store blog systems network digital agency solutions
  de at ch fr nl be uk ie es pt it se no fi dk pl cz sk hu ro bg gr ua ru by lt lv ee hr si rs lu li us ca mx br ar cl co au nz jp cn kr
  tw hk sg in id my th vn za tr il ae me tv cc ws to name pro
  aero email gmbh berlin hamburg koeln cologne wien tirol bayern ruhr saarland swiss paris london nyc ltd llc museum travel coop asia
  cat scot wales africa amsterdam brussels tokyo istanbul healthcare clinic hospital university insurance legal engineering energy host
  hosting group team zone email solar eco
  lan local internal intranet intra corp home localdomain private test example invalid arpa priv office lab box
`)

/** Top level labels under which much stands that is no domain: `os.name`, `task.id`, `self.test`. */
export const loose = words(
  'info io app name pro id is in it at to me my no be by so store shop site us tv cc ws test local private home box lab office net int dev example internal online in network cloud systems blog tech digital th ca co host hosting group team work world zone band bike club design media news page place space studio tools video wiki legal energy email eco cat',
)

/** Domains of those whose software and services everybody uses: they say nothing of anybody. */
export const publicDomains = words(`
  proxmox.com debian.org ubuntu.com canonical.com kernel.org github.com githubusercontent.com gitlab.com ghcr.io docker.io docker.com
  quay.io gcr.io k8s.io kubernetes.io hashicorp.com terraform.io opentofu.org ansible.com redhat.com fedoraproject.org centos.org
  rockylinux.org almalinux.org archlinux.org alpinelinux.org opensuse.org suse.com letsencrypt.org pool.ntp.org ntp.org nist.gov iana.org
  ietf.org w3.org rfc-editor.org python.org pypi.org pythonhosted.org npmjs.org npmjs.com nodejs.org golang.org go.dev rust-lang.org
  crates.io perl.org cpan.org metacpan.org mozilla.org google.com googleapis.com gstatic.com cloudflare.com cloudflare-dns.com amazonaws.com
  amazon.com microsoft.com windows.com apple.com slack.com discord.com telegram.org pagerduty.com grafana.com prometheus.io influxdata.com
  linuxcontainers.org freedesktop.org systemd.io gnu.org openzfs.org zfsonlinux.org ceph.com ceph.io qemu.org spice-space.org linbit.com
  stackoverflow.com serverfault.com reddit.com wikipedia.org schema.org json-schema.org xmlsoap.org openssl.org openssh.com sqlite.org
  smartmontools.org openzfs.github.io compute.internal ec2.internal cluster.local enterprise.proxmox.com download.proxmox.com fedorapeople.org virtio-win.org powerdns.com freeipa.org keycloak.org opentelemetry.io
  intel.com amd.com nvidia.com broadcom.com supermicro.com dell.com hp.com hpe.com lenovo.com samsung.com
`)

/** A word that a text may hold without meaning the thing of that name. @param isKnown the name is not learnt from the text itself */
export function isOrdinary(word: string, isKnown = false): boolean {
  return technical.has(word) || /^\d+$/.test(word) || word.length < (isKnown ? 2 : 3) || (!isKnown && roles.has(word))
}

/** Names by which people are called in many countries: with another word in capitals beside it, one of these is a person. */
export const firstNames = words(`
  aaron abdul adam adrian agnes ahmed aisha alan albert alejandro alex alexander alexandra ali alice alina amanda amelia amir amy ana anders
  andrea andreas andrew andrzej angela anita anja ann anna anne annika anthony antonio arthur astrid barbara beatrice ben benjamin bernd
  bettina bianca birgit bjorn boris brian bruno camille carl carla carlos carmen carol caroline cecilia charles charlotte chen chiara chris
  christian christina christine christoph christopher claire clara claudia craig cristina dagmar daniel daniela david deborah denis dennis
  diana diego dieter dirk dmitri dominik donald dorothea duc edgar eduardo edward elena eleanor elias elisabeth elizabeth ella emil emily emma enrique eric erik
  erika ernst esther ethan eva fabian farah fatima felix ferdinand fernando finn florian francesca francesco frank franz fred frederik
  friedrich gabriel gabriela george georg gerald gerhard giovanni giulia gisela grace greta guillaume gunter gustav hanna hannah hans harald harry
  hassan heather heidi heike heinz helen helena helga helmut henri henrik henry herbert hiroshi holger hugo ian ibrahim igor ilona ines
  ingo ingrid irene isabel isabella ivan jack jacob jakob jakub james jan jana jane janet jason javier jean jennifer jens jeremy jessica
  joachim joan joao jochen johan johann johanna john jonas jonathan jorge jose josef joseph joshua juan judith julia julian juliane julie
  jurgen karen karim karin karl karsten katarzyna katharina katherine kathrin katja kazuki keith kenneth kerstin kevin khalid kim klaus konrad
  kristina kurt kyle lars laura lauren lea lena leon leonie li liam lina linda lisa lorenzo louis louise luca lucas lucia ludwig luis lukas
  luke maciej magdalena manfred manuel marc marco marcus margaret maria marian marie mario marion mark markus marta martin martina mary mateo
  matthew matthias maurice max maximilian megan mehmet mei melanie michael michaela michal michel michelle miguel mike mila mirjam mohamed
  mohammed monika moritz nadia nadine natalia natalie nathan nicholas nicolas nicole niels nils nina noah nora norbert olaf oleg olga oliver
  olivia omar oscar oskar otto pablo pamela pascal patricia patrick paul paula pavel pedro peter petra philip philipp pierre piotr rachel
  rafael rainer ralf ralph raphael rebecca regina reinhard renate ricardo richard robert roberto roland rolf roman rosa ruben rudolf ruth ryan
  sabine sabrina samantha samuel sandra sara sarah sascha scott sean sebastian sergej sergey sergio sharon siegfried silke silvia simon simone
  siobhan sofia sofie sonja sophia sophie stefan stefanie stephan stephanie stephen steve steven sunita susan susanne sven svenja sylvia tamara tanja
  tanya tatjana teresa theodor theresa thomas thorsten tim timo tobias tom tomas torsten tristan udo ulrich ulrike ursula ute uwe valentina
  vanessa vera verena veronika victor victoria viktor vincent vladimir walter wei werner wilhelm william wojciech wolfgang xavier yannick yasmin
  yuki yusuf yvonne zoe zofia priya rahul amit raj anil deepak sanjay kavita ravi arjun neha ananya ming jing xin hui lin ying min-jun
`)
