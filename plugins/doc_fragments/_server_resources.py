# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release. Written by scripts/spec_docs.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
notes:
  - >-
    Resource C(port). A TCP or UDP port of this machine, as the tables of the kernel have it.
  - >-
    C(port) matcher C(be_listening) {[protocol], [address], [strict]}. Something waits there. tcp and udp: reachable
    over IPv4, also by a socket for both (not with strict).
  - >-
    C(port) property C(protocols). The protocols that something waits for, such as [tcp, tcp6].
  - >-
    C(port) property C(addresses). The local addresses that something waits on.
  - >-
    C(port) property C(processes). The names of the processes that wait; needs root for those of other users.
  - >-
    Resource C(socket) or C(unix_socket). A unix socket by its path, or by its name in the abstract name space
    (@name).
  - >-
    C(socket) matcher C(be_listening). A process accepts connections there.
  - >-
    C(socket) matcher C(exist). The socket is open in some process.
  - >-
    Resource C(package). A package of the system (dpkg, rpm, apk, pacman), or of a language (provider pip, npm,
    gem). Parameters C(provider), C(executable).
  - >-
    C(package) matcher C(be_installed) {[version], [provider]}. The package is installed, in this version (with or
    without its revision) or within these limits.
  - >-
    C(package) property C(version). The installed version, as the package manager writes it.
  - >-
    C(package) property C(architecture). The architecture of the package.
  - >-
    C(package) property C(installed). Whether it is installed.
  - >-
    Resource C(service). A service, as the service manager sees it (systemd, OpenRC, SysV; links to units where none
    runs).
  - >-
    C(service) matcher C(be_running). The service runs (systemd: active).
  - >-
    C(service) matcher C(be_enabled) {[level]}. The service is started at boot. The run level is accepted for old
    specs and means nothing to systemd.
  - >-
    C(service) matcher C(be_installed). The service manager knows the service.
  - >-
    C(service) matcher C(be_masked). The unit is masked, so that nothing can start it.
  - >-
    C(service) property C(running). Whether it runs.
  - >-
    C(service) property C(enabled). Whether it is started at boot.
  - >-
    C(service) property C(property). All properties of the systemd unit, such as property.Restart.
  - >-
    C(service) property C(load_state). LoadState of the unit.
  - >-
    C(service) property C(active_state). ActiveState of the unit.
  - >-
    C(service) property C(sub_state). SubState of the unit.
  - >-
    C(service) property C(unit_file_state). UnitFileState of the unit.
  - >-
    C(service) property C(main_pid). The process id of the main process; 0 when there is none.
  - >-
    C(service) property C(user). The user that the unit names; root when it names none.
  - >-
    Resource C(file) or C(directory). A file or a directory; with glob, all that match the patterns. What a symbolic
    link leads to is looked at, except by be_symlink, be_linked_to, link_target and type. With glob, exist asks
    whether anything matches, and everything else has to hold for each match. Parameters C(glob).
  - >-
    C(file) matcher C(exist). It exists (a link to nothing does not).
  - >-
    C(file) matcher C(be_file). It is a regular file.
  - >-
    C(file) matcher C(be_directory). It is a directory.
  - >-
    C(file) matcher C(be_socket). It is a socket.
  - >-
    C(file) matcher C(be_pipe). It is a named pipe.
  - >-
    C(file) matcher C(be_block_device). It is a block device.
  - >-
    C(file) matcher C(be_character_device). It is a character device.
  - >-
    C(file) matcher C(be_symlink). It is a symbolic link.
  - >-
    C(file) matcher C(be_linked_to) {target}. It is a symbolic link to exactly this target.
  - >-
    C(file) matcher C(be_mode) {mode}. Its mode has this octal value.
  - >-
    C(file) matcher C(be_owned_by) {user}. It belongs to the user, given by name or by number.
  - >-
    C(file) matcher C(be_grouped_into) {group}. It belongs to the group, given by name or by number.
  - >-
    C(file) matcher C(contain) {text, [first], [last], [after], [before]}. It has these texts, literally; between
    the lines that match from and to, or after and before.
  - >-
    C(file) matcher C(match) {pattern}. Its content matches the regular expression.
  - >-
    C(file) matcher C(be_readable) {[by], [by_user]}. Somebody may read it: the owner, the group, others or a user;
    without an argument, anybody.
  - >-
    C(file) matcher C(be_writable) {[by], [by_user]}. Somebody may write it: the owner, the group, others or a user;
    without an argument, anybody.
  - >-
    C(file) matcher C(be_executable) {[by], [by_user]}. Somebody may execute it: the owner, the group, others or a
    user; without an argument, anybody.
  - >-
    C(file) matcher C(be_mounted) {[device], [type], [options], [only_with]}. Something is mounted there, of this
    device and type, with these options; only_with: and with no others.
  - >-
    C(file) matcher C(be_immutable). It has the attribute i (chattr +i).
  - >-
    C(file) property C(content). Its content.
  - >-
    C(file) property C(lines). Its content as lines.
  - >-
    C(file) property C(content_as_json). Its content read as JSON.
  - >-
    C(file) property C(content_as_yaml). Its content read as YAML; needs PyYAML on the server.
  - >-
    C(file) property C(content_as_ini). Its content read as sections of keys and values.
  - >-
    C(file) property C(size). Its size in bytes.
  - >-
    C(file) property C(mode). Its mode, four octal digits.
  - >-
    C(file) property C(owner). The name of its owner.
  - >-
    C(file) property C(group). The name of its group.
  - >-
    C(file) property C(uid). The number of its owner.
  - >-
    C(file) property C(gid). The number of its group.
  - >-
    C(file) property C(mtime). When its content changed, in seconds since 1970.
  - >-
    C(file) property C(type). file, directory, symlink, socket, pipe, block_device or character_device.
  - >-
    C(file) property C(link_target). What the symbolic link leads to.
  - >-
    C(file) property C(md5sum). The MD5 checksum.
  - >-
    C(file) property C(sha256sum). The SHA-256 checksum.
  - >-
    C(file) property C(sha512sum). The SHA-512 checksum.
  - >-
    C(file) property C(selinux_label). The SELinux context.
  - >-
    Resource C(config). A configuration file as a tree; every key of it is a property. sshd: keys without regard to
    case, the first value counts, Match blocks are left out. ini: sections of keys; keys before the first section
    stand at the top. properties: key=value. Parameters C(path), C(format).
  - >-
    Resource C(x509_certificate). The first X.509 certificate of a file, PEM or DER.
  - >-
    C(x509_certificate) matcher C(be_certificate). The file is a certificate.
  - >-
    C(x509_certificate) matcher C(be_valid). Now is between its dates. Who signed it is not looked at.
  - >-
    C(x509_certificate) property C(subject). Whom it names, as C = DE, O = Example, CN = example.org.
  - >-
    C(x509_certificate) property C(issuer). Who signed it, written like the subject.
  - >-
    C(x509_certificate) property C(common_name). CN of the subject.
  - >-
    C(x509_certificate) property C(subject_alt_names). The other names, such as DNS:example.org or IP
    Address:10.0.0.1.
  - >-
    C(x509_certificate) property C(not_before). The beginning of its validity, as 2026-12-31T23:59:59Z.
  - >-
    C(x509_certificate) property C(not_after). The end of its validity, as 2026-12-31T23:59:59Z.
  - >-
    C(x509_certificate) property C(validity_in_days). The whole days that are left; below 0 when it has ended.
  - >-
    C(x509_certificate) property C(keylength). The length of the key in bits.
  - >-
    C(x509_certificate) property C(fingerprint). The SHA-1 fingerprint, as openssl prints it.
  - >-
    C(x509_certificate) property C(sha256_fingerprint). The SHA-256 fingerprint, as openssl prints it.
  - >-
    Resource C(user). A user account, as the name service knows it.
  - >-
    C(user) matcher C(exist). There is such a user.
  - >-
    C(user) matcher C(belong_to_group) {group}. The user is a member of the groups (names or numbers), as primary or
    as other group.
  - >-
    C(user) matcher C(belong_to_primary_group) {group}. The primary group of the user has this name or number.
  - >-
    C(user) matcher C(have_uid) {uid}. The user has this number.
  - >-
    C(user) matcher C(have_gid) {gid}. The primary group has this number.
  - >-
    C(user) matcher C(have_home_directory) {path}. The home directory is exactly this one.
  - >-
    C(user) matcher C(have_login_shell) {path}. The login shell is exactly this one.
  - >-
    C(user) matcher C(have_authorized_key) {key}. The key may log in; its options and its comment do not count.
  - >-
    C(user) matcher C(be_system). The number of the user is below UID_MIN of login.defs.
  - >-
    C(user) property C(uid). The number.
  - >-
    C(user) property C(gid). The number of the primary group.
  - >-
    C(user) property C(home). The home directory.
  - >-
    C(user) property C(shell). The login shell.
  - >-
    C(user) property C(gecos). The comment, usually the full name.
  - >-
    C(user) property C(group). The name of the primary group.
  - >-
    C(user) property C(groups). The names of all groups, sorted.
  - >-
    C(user) property C(gids). The numbers of all groups, sorted.
  - >-
    C(user) property C(password_locked). Whether no password can be used to log in.
  - >-
    C(user) property C(minimum_days_between_password_change). Days that a password has to be kept.
  - >-
    C(user) property C(maximum_days_between_password_change). Days after which a password has to be changed; 99999
    when never.
  - >-
    C(user) property C(account_expires). The day after which the account is closed, as 2026-12-31; nothing when
    never.
  - >-
    Resource C(group). A group.
  - >-
    C(group) matcher C(exist). There is such a group.
  - >-
    C(group) matcher C(have_gid) {gid}. The group has this number.
  - >-
    C(group) matcher C(be_system). The number of the group is below GID_MIN of login.defs.
  - >-
    C(group) property C(gid). The number.
  - >-
    C(group) property C(members). The members, sorted; users whose primary group it is are only listed when the
    group lists them.
  - >-
    Resource C(process). The processes with a name: that of the kernel, of the program file, or of the first
    argument. Several processes can have the name: a property lists what they have, count says how many they are.
    Zombies, which have ended, do not count.
  - >-
    C(process) matcher C(be_running). At least one such process runs.
  - >-
    C(process) property C(count). How many processes have the name.
  - >-
    C(process) property C(pid). The process ids.
  - >-
    C(process) property C(ppid). The process ids of the parents.
  - >-
    C(process) property C(user). The names of the effective users.
  - >-
    C(process) property C(group). The names of the effective groups.
  - >-
    C(process) property C(args). The command lines, one in each line.
  - >-
    C(process) property C(comm). The names that the kernel has, at most 15 characters.
  - >-
    C(process) property C(state). The states: S sleeping, R running, D waiting for a disk, T stopped ...
  - >-
    C(process) property C(nice). The nice values.
  - >-
    C(process) property C(threads). The threads of all of them.
  - >-
    C(process) property C(rss). The resident memory of all of them, in KiB.
  - >-
    Resource C(command). A command for the shell, or a list of words under argv. It runs once, however often it is
    looked at. Parameters C(argv), C(timeout), C(environment), C(cwd), C(stdin), C(check_mode_safe).
  - >-
    C(command) property C(exit_status). The exit status.
  - >-
    C(command) property C(stdout). The output, without the end of its last line.
  - >-
    C(command) property C(stderr). The error output, without the end of its last line.
  - >-
    C(command) property C(stdout_lines). The output as lines.
  - >-
    C(command) property C(stdout_as_json). The output read as JSON.
  - >-
    Resource C(host). Another host (or this one): its name and whether it can be reached from here.
  - >-
    C(host) matcher C(be_resolvable) {[by]}. The name has an address: from /etc/hosts, from DNS only, or from
    either.
  - >-
    C(host) matcher C(be_reachable) {[port], [proto], [timeout]}. The host answers on the port, or without a port to
    an echo request (ping).
  - >-
    C(host) property C(ipaddress). The first address.
  - >-
    C(host) property C(ipv4_address). The first IPv4 address.
  - >-
    C(host) property C(ipv6_address). The first IPv6 address.
  - >-
    Resource C(http). The answer to one HTTP request from this machine. Each status is an answer; no connection is
    an error. Parameters C(url), C(method), C(headers), C(body), C(username), C(password), C(validate_certs),
    C(follow_redirects), C(timeout), C(ca_path), C(client_cert), C(client_key).
  - >-
    C(http) matcher C(be_reachable). The server answers, whatever the status.
  - >-
    C(http) property C(status). The status code.
  - >-
    C(http) property C(body). The body.
  - >-
    C(http) property C(body_as_json). The body read as JSON.
  - >-
    C(http) property C(headers). The headers, with names in lower case.
  - >-
    C(http) property C(content_type). The media type, without its parameters.
  - >-
    C(http) property C(url). The address that answered, after redirects.
  - >-
    Resource C(interface). A network interface.
  - >-
    C(interface) matcher C(exist). The interface exists.
  - >-
    C(interface) matcher C(be_up). The interface is switched on.
  - >-
    C(interface) matcher C(have_ipv4_address) {address}. The interface has the address, with or without its prefix.
  - >-
    C(interface) matcher C(have_ipv6_address) {address}. The interface has the address, with or without its prefix.
  - >-
    C(interface) property C(up). Whether it is switched on.
  - >-
    C(interface) property C(mtu). The largest packet, in bytes.
  - >-
    C(interface) property C(speed). The speed in Mbit/s.
  - >-
    C(interface) property C(mac_address). The hardware address.
  - >-
    C(interface) property C(ipv4_address). The first IPv4 address with its prefix.
  - >-
    C(interface) property C(ipv4_addresses). All IPv4 addresses with their prefixes.
  - >-
    C(interface) property C(ipv6_address). The first IPv6 address with its prefix.
  - >-
    C(interface) property C(ipv6_addresses). All IPv6 addresses with their prefixes.
  - >-
    Resource C(routing_table). The IPv4 routes.
  - >-
    C(routing_table) matcher C(have_entry) {destination, [gateway], [interface]}. A route to the destination (a
    network, or default), by this gateway and interface if they are given.
  - >-
    Resource C(default_gateway). The default route.
  - >-
    C(default_gateway) matcher C(exist). There is a default route.
  - >-
    C(default_gateway) property C(ipaddress). The address of the gateway.
  - >-
    C(default_gateway) property C(interface). The interface that leads to it.
  - >-
    Resource C(mount). A mount point of the running system.
  - >-
    C(mount) matcher C(exist). Something is mounted there.
  - >-
    C(mount) matcher C(be_mounted) {[device], [type], [options]}. Something is mounted there, from this device, of
    this type, with at least these options.
  - >-
    C(mount) property C(device). What is mounted.
  - >-
    C(mount) property C(type). The type of the file system.
  - >-
    C(mount) property C(options). The options.
  - >-
    C(mount) property C(size). The size in bytes.
  - >-
    C(mount) property C(available). The bytes that users can still write.
  - >-
    C(mount) property C(used_percent). How full it is for users, from 0 to 100.
  - >-
    Resource C(fstab). The file systems that are to be mounted: /etc/fstab.
  - >-
    C(fstab) matcher C(have_entry) {[mount_point], [device], [type], [options], [dump], [fsck]}. A line with these
    fields; of the options, all that are given.
  - >-
    C(fstab) property C(mount_points). The mount points.
  - >-
    Resource C(cron). A crontab: that of a user with their lines of /etc/crontab and /etc/cron.d; without a name,
    the latter.
  - >-
    C(cron) matcher C(have_entry) {entry, [user]}. A line with this schedule and command; blanks between the fields
    do not count.
  - >-
    C(cron) property C(entries). The lines, without comments and variables.
  - >-
    C(cron) property C(table). The lines as one text.
  - >-
    Resource C(kernel_parameter) or C(linux_kernel_parameter). A parameter of the running kernel, as sysctl names
    it.
  - >-
    C(kernel_parameter) matcher C(exist). The kernel has the parameter.
  - >-
    C(kernel_parameter) property C(value). The value; a number when it is one.
  - >-
    Resource C(kernel_module). A module of the kernel; a dash in its name is an underscore.
  - >-
    C(kernel_module) matcher C(be_loaded). The module is loaded. What is built into the kernel is no module.
  - >-
    Resource C(selinux). SELinux on this machine.
  - >-
    C(selinux) matcher C(be_enforcing) {[policy]}. SELinux enforces its rules.
  - >-
    C(selinux) matcher C(be_permissive) {[policy]}. SELinux only tells what it would forbid.
  - >-
    C(selinux) matcher C(be_disabled). SELinux is off, or not there at all.
  - >-
    C(selinux) property C(mode). enforcing, permissive or disabled.
  - >-
    C(selinux) property C(policy). The policy of /etc/selinux/config.
  - >-
    Resource C(environment). A variable of the environment that the module runs in.
  - >-
    C(environment) matcher C(exist). The variable is set.
  - >-
    C(environment) property C(value). The value.
  - >-
    Resource C(value). Any value of the play, such as a fact; its matchers are the value matchers.
  - >-
    Resource C(repository) or C(yumrepo) or C(apt_repository). A package repository: its id (yum, dnf); for apt its
    file without ending, its URL, or URL, suite, component.
  - >-
    C(repository) matcher C(exist). It is configured.
  - >-
    C(repository) matcher C(be_enabled). It is configured and switched on.
  - >-
    C(repository) property C(urls). The addresses.
  - >-
    C(repository) property C(enabled). Whether it is switched on.
  - >-
    Resource C(iptables). The IPv4 packet filter, from one run of iptables-save.
  - >-
    C(iptables) matcher C(have_rule) {rule, [table], [chain]}. A rule or policy as iptables -S prints it; the parts
    may be left out that name the chain.
  - >-
    C(iptables) property C(rules). All rules and policies of all tables.
  - >-
    Resource C(ip6tables). The IPv6 packet filter, from one run of ip6tables-save.
  - >-
    C(ip6tables) matcher C(have_rule) {rule, [table], [chain]}. A rule or policy as iptables -S prints it; the parts
    may be left out that name the chain.
  - >-
    C(ip6tables) property C(rules). All rules and policies of all tables.
"""
